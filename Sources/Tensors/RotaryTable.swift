#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// Rotary position embeddings: which elements of a head form pairs and how fast each pair turns.
///
/// Su et al. 2021, "RoFormer"; YaRN: Peng et al. 2023, with the conventions of GGUF's metadata. Only the first
/// `dimension` elements of a head are turned.
public struct RotaryTable: Sendable {
    /// Which elements form a pair.
    public enum Style: Sendable {
        /// (0, 1), (2, 3), …: llama as GGUF stores it.
        case interleaved
        /// (0, n/2), (1, n/2 + 1), …: NeoX, qwen2, qwen3.
        case halves
    }

    /// How a context longer than the trained one is fitted in.
    public enum Scaling: Sendable, Hashable {
        /// As trained.
        case none
        /// All positions divided by `factor`.
        case linear(factor: Float)
        /// Slow pairs are divided by a factor, fast ones left alone.
        case yarn(YarnScaling)
    }

    /// Elements of a head that are turned, even.
    public let dimension: Int
    /// Which elements form a pair.
    public let style: Style
    /// Radians per position, of each pair.
    public let frequencies: [Double]
    /// Factor of all turned elements: YaRN's correction of the scores' temperature, and the attention factor.
    public let magnitude: Float

    /// A table.
    ///
    /// - Parameters:
    ///   - dimension: elements of a head that are turned; even.
    ///   - base: GGUF's `rope.freq_base`.
    ///   - frequencyFactors: divisors of the pairs' frequencies: Llama 3's tensor `rope_freqs.weight`, or Phi-3's long and
    ///     short factors; at least `dimension / 2` of them.
    ///   - attentionFactor: GGUF's `rope.scaling.attn_factor`.
    public init(
        dimension: Int, base: Float, style: Style, scaling: Scaling = .none, frequencyFactors: [Float]? = nil,
        attentionFactor: Float = 1
    ) {
        precondition(dimension > 0 && dimension % 2 == 0, "Rotary pairs need an even dimension, not \(dimension).")
        precondition(
            frequencyFactors.map { $0.count >= dimension / 2 } ?? true,
            "\(frequencyFactors?.count ?? 0) frequency factors are too few for \(dimension / 2) pairs.")
        self.dimension = dimension
        self.style = style
        let trained = (0..<dimension / 2).map { pair in
            pow(Double(base), -2 * Double(pair) / Double(dimension)) / Double(frequencyFactors?[pair] ?? 1)
        }
        switch scaling {
        case .none:
            frequencies = trained
            magnitude = attentionFactor
        case .linear(let factor):
            frequencies = trained.map { $0 / Double(factor) }
            magnitude = attentionFactor
        case .yarn(let yarn):
            frequencies = yarn.frequencies(trained, dimension: dimension, base: Double(base))
            magnitude = attentionFactor * yarn.magnitude
        }
    }

    /// Floats that one position takes in a list of turns: cosines, then signed sines.
    public var turnFloats: Int { 2 * dimension }

    /// Writes the turns of one position: for each element its cosine, then for each its sine, negative for the first
    /// element of a pair. Angles are computed in double precision.
    public func write(turnsAt position: Int, to out: UnsafeMutablePointer<Float>) {
        for (pair, frequency) in frequencies.enumerated() {
            let angle = Double(position) * frequency
            let (cosine, sine) = (Float(cos(angle)) * magnitude, Float(sin(angle)) * magnitude)
            let (first, second) =
                switch style {
                case .interleaved: (2 * pair, 2 * pair + 1)
                case .halves: (pair, pair + dimension / 2)
                }
            out[first] = cosine
            out[second] = cosine
            out[dimension + first] = -sine
            out[dimension + second] = sine
        }
    }
}
