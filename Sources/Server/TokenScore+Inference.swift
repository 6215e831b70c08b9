import Inference
import OpenAIWire

extension TokenScore {
    /// A token of an answer, for the wire.
    init(_ token: TokenLogProbability) {
        self.init(
            bytes: token.bytes, logProbability: token.logProbability,
            alternatives: token.alternatives.map { Alternative(bytes: $0.bytes, logProbability: $0.logProbability) })
    }
}

extension Usage {
    /// What a turn used. A prompt counts once, however many answers it has.
    init(_ results: [GenerationResult], answersPerPrompt: Int = .max) {
        self.init()
        for (index, result) in results.enumerated() {
            if index % answersPerPrompt == 0 {
                promptTokens += result.promptTokens
                cachedTokens += result.cachedTokens
            }
            completionTokens += result.completionTokens
            reasoningTokens += result.reasoningTokens
        }
    }
}
