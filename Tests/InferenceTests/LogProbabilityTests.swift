import Sampling
import TestModels
import Testing
import Tokenization

@testable import Inference

@Suite("Log-probabilities")
struct LogProbabilityTests {
    private let prompt = Prompt(tokens: (0..<150).map { Token(($0 * 31) % 200 + 40) })

    private func options(
        _ tokens: Int = 24, alternatives: Int? = 3, temperature: Float = 0, penalty: Float = 1,
        scoresPrompt: Bool = false
    ) throws -> GenerationOptions {
        GenerationOptions(
            maximumTokens: tokens,
            sampling: try SamplingParameters(
                temperature: temperature, repetitionPenalty: penalty, logitBias: penalty == 1 ? [:] : [77: 4], seed: 3),
            ignoresEndOfGeneration: true, logProbabilities: alternatives, scoresPrompt: scoresPrompt)
    }

    @Test("every token has one, with the likeliest tokens in order; greedy takes the first of them")
    func greedy() async throws {
        let model = try LoadedTinyModel.load()
        let turn = try await CollectedTurn(model, prompt, options())
        #expect(turn.scores.map(\.token) == turn.result.tokens)
        #expect(turn.result.tokens.count == 24)
        for score in turn.scores {
            #expect(score.alternatives.count == 3)
            #expect(score.alternatives.map(\.logProbability) == score.alternatives.map(\.logProbability).sorted(by: >))
            #expect(score.alternatives.first?.token == score.token)
            #expect(score.alternatives.first?.logProbability == score.logProbability)
            #expect(score.logProbability < 0)
        }
        let bytes = turn.scores.flatMap { model.tokenizer.bytes(of: $0.token) }
        #expect(String(decoding: bytes, as: UTF8.self) == turn.text)
        await model.unload()
    }

    @Test(
        "the sampler's bias, penalties and temperature do not show, and asking changes no token", arguments: [0, 1.1])
    func raw(temperature: Float) async throws {
        let model = try LoadedTinyModel.load()
        let sampled = try await CollectedTurn(model, prompt, options(temperature: temperature, penalty: 1.3))
        let unasked = try await CollectedTurn(
            model, prompt, options(alternatives: nil, temperature: temperature, penalty: 1.3))
        #expect(sampled.result.tokens == unasked.result.tokens)
        #expect(unasked.scores.isEmpty)
        #expect(sampled.scores.contains { $0.token != $0.alternatives[0].token }, "the sampler must matter here")
        // The same tokens as a prompt, scored: another way to the same numbers.
        let whole = Prompt(tokens: prompt.tokens + sampled.result.tokens)
        let scored = try await CollectedTurn(model, whole, options(0, scoresPrompt: true))
        let tail = try #require(scored.promptScores).suffix(sampled.scores.count).compactMap { $0 }
        #expect(tail == sampled.scores)
        await model.unload()
    }

    @Test("a prompt is scored from its second token on, the same beside other turns as alone, and nothing is reused")
    func prompts() async throws {
        let model = try LoadedTinyModel.load(.llama)
        let alone = try await CollectedTurn(model, prompt, options(4, alternatives: nil, scoresPrompt: true))
        let scores = try #require(alone.promptScores)
        #expect(scores.count == prompt.tokens.count)
        #expect(scores.first == .some(nil))
        #expect(scores.dropFirst().map { $0?.token } == prompt.tokens.dropFirst().map { $0 })
        #expect(scores.dropFirst().allSatisfy { $0?.alternatives == [] })
        #expect(alone.scores.isEmpty)
        let plain = try await CollectedTurn(model, prompt, options(4, alternatives: nil))
        #expect(plain.text == alone.text)
        #expect(plain.promptScores == nil)
        let again = try await withThrowingTaskGroup(of: [TokenLogProbability?]?.self) { group in
            for _ in 0..<3 {
                group.addTask {
                    let turn = try await CollectedTurn(
                        model, self.prompt, self.options(4, alternatives: nil, scoresPrompt: true))
                    #expect(turn.result.cachedTokens == 0)
                    return turn.promptScores
                }
                group.addTask {
                    _ = try await CollectedTurn(model, self.prompt, self.options(40, alternatives: nil))
                    return nil
                }
            }
            var found: [[TokenLogProbability?]] = []
            for try await scores in group.compactMap({ $0 }) { found.append(scores) }
            return found
        }
        #expect(again == [scores, scores, scores])
        await model.unload()
    }

    @Test("with no token to generate only the prompt is scored, even one that fills the context")
    func promptOnly() async throws {
        let model = try LoadedTinyModel.load()
        let full = Prompt(tokens: (0..<512).map { Token($0 % 200) })
        let turn = try await CollectedTurn(model, full, options(0, scoresPrompt: true))
        #expect(turn.promptScores?.count == 512)
        #expect(turn.result.completionTokens == 0)
        #expect(turn.result.reason == .length)
        await model.unload()
    }

    @Test("more alternatives than can be reported are refused", arguments: [-1, 21])
    func bounds(alternatives: Int) async throws {
        let model = try LoadedTinyModel.load()
        let options = try options(alternatives: alternatives)
        #expect {
            try model.generate(prompt, options: options)
        } throws: { error in
            guard case InferenceError.invalidSampling(let reason) = error else { return false }
            return reason.contains("\(alternatives)")
        }
        await model.unload()
    }
}
