#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// YaRN: pairs that turn often within the trained context keep their frequency, slow ones are stretched by `factor`, and
/// those between get a mixture.
///
/// Peng et al. 2023, arXiv:2309.00071, section 3; rounding of the bounds and defaults as in GGUF's other readers.
public struct YarnScaling: Sendable, Hashable {
    /// How many times longer the context is: GGUF's `rope.scaling.factor`.
    public var factor: Float
    /// The trained context: GGUF's `rope.scaling.original_context_length`.
    public var originalContext: Int
    /// How much of the mixture is applied: 1 all of it, 0 plain linear scaling without the correction of magnitude.
    public var extrapolationFactor: Float
    /// Further factor of the magnitude.
    public var attentionFactor: Float
    /// Pairs with at least this many turns in the trained context keep their frequency.
    public var betaFast: Float
    /// Pairs with at most this many turns are stretched wholly.
    public var betaSlow: Float

    /// Parameters; the defaults are YaRN's own.
    public init(
        factor: Float, originalContext: Int, extrapolationFactor: Float = 1, attentionFactor: Float = 1,
        betaFast: Float = 32, betaSlow: Float = 1
    ) {
        precondition(factor > 0 && originalContext > 0, "YaRN needs a positive factor and an original context.")
        self.factor = factor
        self.originalContext = originalContext
        self.extrapolationFactor = extrapolationFactor
        self.attentionFactor = attentionFactor
        self.betaFast = betaFast
        self.betaSlow = betaSlow
    }

    /// Scores are sharpened by about 0.1 · ln(factor) in queries and keys each (equation 22).
    var magnitude: Float {
        extrapolationFactor == 0 ? attentionFactor : attentionFactor * (1 + 0.1 * logf(factor))
    }

    func frequencies(_ trained: [Double], dimension: Int, base: Double) -> [Double] {
        /// The pair, as a real number, that turns `turns` times within the trained context.
        func pair(turns: Float) -> Double {
            Double(dimension) * log(Double(originalContext) / (Double(turns) * 2 * .pi)) / (2 * log(base))
        }
        let low = max(0, pair(turns: betaFast).rounded(.down))
        let high = min(Double(dimension - 1), pair(turns: betaSlow).rounded(.up))
        return trained.enumerated().map { pair, frequency in
            let stretched = min(1, max(0, (Double(pair) - low) / max(0.001, high - low)))
            let kept = (1 - stretched) * Double(extrapolationFactor)
            return frequency / Double(factor) * (1 - kept) + frequency * kept
        }
    }
}
