#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Natural logarithms of token probabilities under the model's own distribution: before bias, penalties and
/// temperature. Make it before `Sampler.sample` changes the logits.
public struct LogProbabilities: Sendable {
    /// log Σ e^logit over the vocabulary; −∞ if there is no usable logit.
    public let logSumExp: Double
    private let maxima: BlockMaxima

    /// One pass over `logits` (`[vocabularySize]`), which is only read.
    public init(_ logits: UnsafeMutableBufferPointer<Float>) {
        var maxima = BlockMaxima()
        maxima.update(logits)
        let maximum = maxima.maximum
        self.maxima = maxima
        guard maximum.isFinite else {
            logSumExp = Double(maximum)
            return
        }
        let sums = maxima.weigh(logits, least: maxima.leastOfWeight, inPlace: false)
        logSumExp = Double(maximum) + log(sums.reduce(0, +))
    }

    /// Log-probability of one token; −∞ for a NaN logit.
    public func of(_ token: Int32, in logits: UnsafeMutableBufferPointer<Float>) -> Float {
        let logit = logits[Int(token)]
        guard logit > -.infinity, logSumExp < .infinity else { return logit == .infinity ? 0 : -.infinity }
        return Float(Double(logit) - logSumExp)
    }

    /// The `count` likeliest tokens, likeliest first, equal ones by lower token; fewer if fewer are possible at all.
    public func top(
        _ count: Int, in logits: UnsafeMutableBufferPointer<Float>
    ) -> [(token: Int32, logProbability: Float)] {
        guard count > 0 else { return [] }
        var keys: [RankKey] = []
        maxima.findLikeliest(count, in: logits, keys: &keys)
        return keys.sorted().map { (Int32($0.token), of(Int32($0.token), in: logits)) }
    }
}
