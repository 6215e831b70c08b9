import Inference
import OpenAIWire
import OrderedJSON

/// Writes a turn as OpenAI's chat completions.
struct ChatCompletionEncoder: TurnEncoder {
    let identity: CompletionIdentity
    let includesUsage: Bool
    /// Whether log-probabilities were asked for.
    let reportsTokens: Bool

    func opening(choices: Int) -> [JSON] {
        (0..<choices).map { identity.chunk(.role, choice: $0, includesUsage: includesUsage) }
    }

    func text(_ piece: AnswerPiece, choice: Int) -> JSON {
        identity.chunk(
            .content(piece.text), choice: choice, scores: scores(piece.tokens), includesUsage: includesUsage)
    }

    func reasoning(_ text: String, choice: Int) -> JSON {
        identity.chunk(.reasoning(text), choice: choice, includesUsage: includesUsage)
    }

    func finish(_ result: GenerationResult, choice: Int) -> JSON? {
        identity.chunk(.finish(result.reason.rawValue), choice: choice, includesUsage: includesUsage)
    }

    func closing(_ results: [GenerationResult]) -> [JSON] {
        includesUsage ? [identity.usageChunk(Usage(results))] : []
    }

    func whole(_ answers: [CollectedAnswer]) -> JSON {
        let choices = answers.map { answer in
            ChatChoice(
                content: answer.text, reasoning: answer.reasoning.isEmpty ? nil : answer.reasoning,
                scores: scores(answer.tokens), finishReason: answer.result.reason.rawValue)
        }
        return identity.completion(choices, usage: Usage(answers.map(\.result)))
    }

    private func scores(_ tokens: [TokenLogProbability]) -> [TokenScore]? {
        reportsTokens ? tokens.map { TokenScore($0) } : nil
    }
}
