import Inference
import OpenAIWire
import OrderedJSON

/// Writes a turn as OpenAI's chat completions.
struct ChatCompletionEncoder: TurnEncoder {
    let identity: CompletionIdentity
    let includesUsage: Bool

    func opening(choices: Int) -> [JSON] {
        (0..<choices).map { identity.chunk(.role, choice: $0, includesUsage: includesUsage) }
    }

    func text(_ text: String, choice: Int) -> JSON {
        identity.chunk(.content(text), choice: choice, includesUsage: includesUsage)
    }

    func reasoning(_ text: String, choice: Int) -> JSON {
        identity.chunk(.reasoning(text), choice: choice, includesUsage: includesUsage)
    }

    func finish(_ result: GenerationResult, choice: Int) -> JSON? {
        identity.chunk(.finish(result.reason.rawValue), choice: choice, includesUsage: includesUsage)
    }

    func closing(_ results: [GenerationResult]) -> [JSON] {
        includesUsage ? [identity.usageChunk(Self.usage(results))] : []
    }

    func whole(_ answers: [CollectedAnswer]) -> JSON {
        let choices = answers.map { answer in
            ChatChoice(
                content: answer.text, reasoning: answer.reasoning.isEmpty ? nil : answer.reasoning,
                finishReason: answer.result.reason.rawValue)
        }
        return identity.completion(choices, usage: Self.usage(answers.map(\.result)))
    }

    /// The prompt counts once, however many answers it has.
    private static func usage(_ results: [GenerationResult]) -> Usage {
        Usage(
            promptTokens: results.first?.promptTokens ?? 0, cachedTokens: results.first?.cachedTokens ?? 0,
            completionTokens: results.reduce(0) { $0 + $1.completionTokens },
            reasoningTokens: results.reduce(0) { $0 + $1.reasoningTokens })
    }
}
