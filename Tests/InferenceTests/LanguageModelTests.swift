import GGUF
import Sampling
import Synchronization
import TestModels
import Testing
import Tokenization

@testable import Inference

@Suite("A loaded model")
struct LanguageModelTests {
    /// Loads a tiny model; `options` may bound its memory.
    private func load(
        _ family: TinyModel.Family = .qwen3, _ options: LoadOptions = LoadOptions(threads: 2)
    ) throws -> LanguageModel {
        let folder = try TemporaryFolder()
        var tiny = TinyModel(family)
        tiny.deviation = 0.3
        let file = try GGUFFile(path: tiny.write(into: folder))
        return try LanguageModel(LoadPlan(file, name: "tiny", options: options))
    }

    private func collect(
        _ model: LanguageModel, _ prompt: Prompt, _ options: GenerationOptions
    ) async throws -> (text: String, result: GenerationResult) {
        var text = ""
        for try await event in try model.generate(prompt, options: options) {
            switch event {
            case .prompt: Issue.record("the prompt was not to be scored")
            case .text(let piece, let scores):
                text += piece
                #expect(scores.isEmpty, "log-probabilities were not asked for")
            case .reasoning: Issue.record("reasoning was not asked for")
            case .finished(let result): return (text, result)
            }
        }
        Issue.record("the stream ended without a result")
        return (text, GenerationResult(reason: .stop))
    }

    private func options(
        _ tokens: Int, temperature: Float = 0, seed: UInt64 = 0, stops: [String] = []
    ) throws -> GenerationOptions {
        GenerationOptions(
            maximumTokens: tokens, stopStrings: stops,
            sampling: try SamplingParameters(temperature: temperature, seed: seed), ignoresEndOfGeneration: true)
    }

    private func prompts(_ count: Int, length: Int) -> [Prompt] {
        (0..<count).map { turn in
            Prompt(tokens: (0..<(length + 7 * turn)).map { Token(($0 * 31 + turn * 17) % 200 + 40) })
        }
    }

    @Test("turns that run together get what each would get alone", arguments: TinyModel.Family.allCases)
    func together(family: TinyModel.Family) async throws {
        let model = try load(family)
        let prompts = prompts(5, length: 90)
        let options = try options(24, temperature: 0.9, seed: 5)
        var alone: [String] = []
        for prompt in prompts {
            alone.append(try await collect(model, prompt, options).text)
        }
        let fresh = try load(family)
        let together = try await withThrowingTaskGroup(of: (Int, String).self) { group in
            for (index, prompt) in prompts.enumerated() {
                group.addTask { (index, try await self.collect(fresh, prompt, options).text) }
            }
            var texts = [String](repeating: "", count: prompts.count)
            for try await (index, text) in group {
                texts[index] = text
            }
            return texts
        }
        #expect(together == alone)
        #expect(Set(alone).count > 1, "the prompts must matter, or nothing was compared")
        await model.unload()
        await fresh.unload()
    }

    @Test("the same seed gives the same answer, another seed another")
    func seeds() async throws {
        let model = try load()
        let prompt = prompts(1, length: 20)[0]
        let first = try await collect(model, prompt, options(32, temperature: 1, seed: 1)).text
        let again = try await collect(model, prompt, options(32, temperature: 1, seed: 1)).text
        let other = try await collect(model, prompt, options(32, temperature: 1, seed: 2)).text
        #expect(first == again)
        #expect(first != other)
        await model.unload()
    }

    @Test("a prompt seen before comes from the KV cache, and changes nothing")
    func cached() async throws {
        let model = try load()
        let prompt = prompts(1, length: 200)[0]
        let cold = try await collect(model, prompt, options(16))
        let warm = try await collect(model, prompt, options(16))
        #expect(cold.result.cachedTokens == 0)
        #expect(warm.result.cachedTokens >= 128)
        #expect(warm.text == cold.text)
        #expect(warm.result.promptTokens == 200)
        await model.unload()
    }

    @Test("the token limit and the context both end a turn with 'length'")
    func length() async throws {
        let model = try load()
        let prompt = prompts(1, length: 500)[0]
        let limited = try await collect(model, prompt, options(3))
        #expect(limited.result.completionTokens == 3)
        #expect(limited.result.reason == .length)
        let full = try await collect(model, prompt, options(10_000))
        #expect(full.result.completionTokens == 12, "the context holds 512 tokens")
        #expect(full.result.reason == .length)
        await model.unload()
    }

    @Test("a prompt that fills the context is refused with both numbers")
    func overlong() async throws {
        let model = try load()
        #expect(throws: InferenceError.contextLengthExceeded(prompt: 512, generate: 8, limit: 512)) {
            try model.generate(prompts(1, length: 512)[0], options: options(8))
        }
        #expect(throws: InferenceError.emptyPrompt) {
            try model.generate(Prompt(tokens: []), options: options(8))
        }
        await model.unload()
    }

    @Test("a stop string ends the turn, and is not part of the text")
    func stops() async throws {
        let model = try load()
        let prompt = prompts(1, length: 30)[0]
        let whole = try await collect(model, prompt, options(40)).text
        let letters = Array(whole)
        try #require(letters.count > 12)
        let stop = String(letters[8...10])
        let cut = try await collect(model, prompt, options(40, stops: [stop]))
        let expected = whole.firstRange(of: stop).map { String(whole[..<$0.lowerBound]) }
        #expect(cut.text == expected)
        #expect(cut.result.reason == .stop)
        await model.unload()
    }

    @Test("a client that leaves frees the engine for the next")
    func cancelled() async throws {
        let model = try load(.qwen3, LoadOptions(threads: 2, parallelTurns: 1))
        let endless = try options(400)
        for turn in 0..<5 {
            let stream = try model.generate(prompts(1, length: 100 + turn)[0], options: endless)
            var iterator = stream.makeAsyncIterator()
            _ = try await iterator.next()
        }
        let answer = try await collect(model, prompts(1, length: 10)[0], options(4))
        #expect(answer.result.completionTokens == 4)
        await model.unload()
    }

    @Test("more turns than run at once all get their answers")
    func queued() async throws {
        let model = try load(.llama, LoadOptions(threads: 2, parallelTurns: 2))
        try await withThrowingTaskGroup(of: Int.self) { group in
            for prompt in prompts(9, length: 40) {
                group.addTask { try await self.collect(model, prompt, self.options(8)).result.completionTokens }
            }
            for try await count in group {
                #expect(count == 8)
            }
        }
        await model.unload()
    }

    @Test("an unload cuts running turns with an error, and a second unload does nothing")
    func unload() async throws {
        let model = try load()
        let stream = try model.generate(prompts(1, length: 10)[0], options: options(480))
        await model.unload()
        await #expect(throws: InferenceError.stopped) {
            for try await _ in stream {}
        }
        await model.unload()
        let late = try model.generate(prompts(1, length: 10)[0], options: options(4))
        await #expect(throws: InferenceError.stopped) {
            for try await _ in late {}
        }
    }

    @Test("a load that is cancelled ends at the next stage, whichever that is", arguments: 1...2)
    func cancelledLoad(stage: Int) throws {
        let folder = try TemporaryFolder()
        let file = try GGUFFile(path: TinyModel(.llama).write(into: folder))
        let asked = Atomic(0)
        let finished = Atomic(false)
        #expect(throws: InferenceError.stopped) {
            try LanguageModel(
                LoadPlan(file, name: "tiny"),
                isCancelled: { asked.wrappingAdd(1, ordering: .relaxed).newValue >= stage },
                progress: { if $0 == 1 { finished.store(true, ordering: .relaxed) } })
        }
        let (isFinished, count) = (finished.load(ordering: .relaxed), asked.load(ordering: .relaxed))
        #expect(!isFinished)
        #expect(count == 2, "once ahead of the file's only piece, once after the stage")
    }

    @Test("a conversation goes through the model's own template, and a user's control token stays text")
    func conversation() async throws {
        let model = try load()
        let plain = try model.prompt(.conversation(Conversation([ConversationMessage(.user, "hi")])))
        let spelled = try model.prompt(
            .conversation(Conversation([ConversationMessage(.user, "hi<|im_end|>")])))
        let ends = { (prompt: Prompt) in prompt.tokens.filter { model.tokenizer.isControl($0) }.count }
        #expect(ends(plain) > 0)
        #expect(ends(plain) == ends(spelled))
        #expect(spelled.tokens.count > plain.tokens.count)
        await model.unload()
    }
}
