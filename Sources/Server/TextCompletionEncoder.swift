import Inference
import OpenAIWire
import OrderedJSON

/// Writes a turn as OpenAI's text completions.
struct TextCompletionEncoder: TurnEncoder {
    /// A prompt as an answer may begin with it.
    struct EchoedPrompt: Sendable {
        var text: String
        /// The text of its first token; a boundary token has none.
        var firstToken: String

        var length: Int { text.unicodeScalars.count }
    }

    let identity: CompletionIdentity
    let includesUsage: Bool
    let prompts: [EchoedPrompt]
    /// How many answers each prompt gets (`best_of`), and how many of them the client wants (`n`).
    let generated: Int
    let returned: Int
    /// Whether answers begin with their prompts.
    let echoes: Bool
    /// Whether log-probabilities were asked for.
    let reportsTokens: Bool

    func opening(choices: Int) -> [JSON] {
        // With log-probabilities the prompt comes with its tokens, once it is computed.
        guard echoes, !reportsTokens else { return [] }
        return (0..<choices).map { chunk(TextChoice(index: $0, text: prompts[$0 / generated].text)) }
    }

    func prompt(_ scores: [TokenLogProbability?], choice: Int) -> JSON? {
        let prompt = prompts[choice / generated]
        return chunk(TextChoice(index: choice, text: prompt.text, scores: tokens(scores, of: prompt)))
    }

    func text(_ piece: AnswerPiece, choice: Int) -> JSON {
        chunk(
            TextChoice(
                index: choice, text: piece.text, scores: reportsTokens ? piece.tokens.map { TokenScore($0) } : nil,
                offset: prompts[choice / generated].length + piece.offset))
    }

    func reasoning(_ text: String, choice: Int) -> JSON { chunk(TextChoice(index: choice, text: text)) }

    func finish(_ result: GenerationResult, choice: Int) -> JSON? {
        chunk(TextChoice(index: choice, text: "", finishReason: result.reason.rawValue))
    }

    func closing(_ results: [GenerationResult]) -> [JSON] {
        includesUsage ? [identity.textUsageChunk(Usage(results, answersPerPrompt: generated))] : []
    }

    func whole(_ answers: [CollectedAnswer]) -> JSON {
        let choices = prompts.indices.flatMap { prompt in
            best(answers[(prompt * generated)..<((prompt + 1) * generated)]).enumerated().map { place, answer in
                choice(answer, to: prompts[prompt], index: prompt * returned + place)
            }
        }
        return identity.textCompletion(
            choices, usage: Usage(answers.map(\.result), answersPerPrompt: generated))
    }

    /// The answers whose tokens are likeliest on average, in that order; all of them, as they are, where all are wanted.
    private func best(_ answers: ArraySlice<CollectedAnswer>) -> [CollectedAnswer] {
        guard returned < generated else { return Array(answers) }
        let ranked = answers.map { (answer: $0, mean: Self.meanLogProbability($0.tokens)) }
        // Equal ones stay in their order: the sort is stable.
        return ranked.sorted { $0.mean > $1.mean }.prefix(returned).map(\.answer)
    }

    private static func meanLogProbability(_ tokens: [TokenLogProbability]) -> Double {
        guard !tokens.isEmpty else { return -.infinity }
        return tokens.reduce(0) { $0 + Double($1.logProbability) } / Double(tokens.count)
    }

    private func choice(_ answer: CollectedAnswer, to prompt: EchoedPrompt, index: Int) -> TextChoice {
        var scores = answer.tokens.map { TokenScore($0) }
        if echoes && reportsTokens { scores.insert(contentsOf: tokens(answer.prompt, of: prompt), at: 0) }
        return TextChoice(
            index: index, text: (echoes ? prompt.text : "") + answer.text, scores: reportsTokens ? scores : nil,
            offset: echoes ? 0 : prompt.length, finishReason: answer.result.reason.rawValue)
    }

    /// A prompt's tokens. Nothing comes before the first, so it has no probability.
    private func tokens(_ scores: [TokenLogProbability?], of prompt: EchoedPrompt) -> [TokenScore] {
        [TokenScore(bytes: Array(prompt.firstToken.utf8), logProbability: nil)]
            + scores.compactMap { $0.map { TokenScore($0) } }
    }

    private func chunk(_ choice: TextChoice) -> JSON { identity.textChunk(choice, includesUsage: includesUsage) }
}
