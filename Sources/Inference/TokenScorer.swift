internal import Sampling
internal import Tokenization

/// Makes `TokenLogProbability` out of rows of logits.
struct TokenScorer: Sendable {
    let tokenizer: Tokenizer
    /// How many alternatives are reported for each token.
    let alternatives: Int

    /// A token's probability in a row that no sampler has changed.
    func score(_ token: Token, in logits: UnsafeMutableBufferPointer<Float>) -> TokenLogProbability {
        let probabilities = LogProbabilities(logits)
        return TokenLogProbability(
            token: token, bytes: bytes(of: token), logProbability: probabilities.of(token, in: logits),
            alternatives: probabilities.top(alternatives, in: logits).map {
                .init(token: $0.token, bytes: bytes(of: $0.token), logProbability: $0.logProbability)
            })
    }

    /// Lets `sample` choose a token from a row, which it may change; gives that token's probability before it did.
    func choose(
        from logits: UnsafeMutableBufferPointer<Float>,
        _ sample: (UnsafeMutableBufferPointer<Float>) throws -> Token
    ) rethrows -> TokenLogProbability {
        try withUnsafeTemporaryAllocation(of: Float.self, capacity: logits.count) { unchanged in
            _ = unchanged.initialize(from: logits)
            return score(try sample(logits), in: unchanged)
        }
    }

    private func bytes(of token: Token) -> [UInt8] {
        tokenizer.bytes(of: token, includingControl: true)
    }
}
