/// The bounds of this module, each with its reason. Model files are untrusted: whatever a number in them makes us compute
/// or allocate is bounded here, far above every model in use.
public enum Limits {
    /// Layers. The deepest dense models have 126.
    public static let layers = 1...1024
    /// Width of the residual stream. The widest dense models have 16,384.
    public static let embeddingLength = 8...(1 << 17)
    /// Width between the feed-forward matrices.
    public static let feedForwardLength = 8...(1 << 19)
    /// Attention heads of a layer.
    public static let heads = 1...1024
    /// Width of a head; the attention kernels work in steps of eight.
    public static let headDimension = 8...1024
    /// Positions. The longest advertised contexts are ten million tokens.
    public static let contextLength = 1...(1 << 24)
    /// Tokens of a vocabulary; the largest have some 260,000.
    public static let vocabularySize = 1...(1 << 22)
    /// Epsilon of the RMS norm.
    public static let rmsEpsilon: ClosedRange<Float> = 0...0.1
    /// Base of the rotary frequencies; the largest in use is 10⁸ or so.
    public static let ropeBase: ClosedRange<Float> = 1...1e12
    /// Factor by which a RoPE scaling stretches the context.
    public static let ropeFactor: ClosedRange<Float> = 1e-3...1e6
    /// Factor on cosine and sine.
    public static let ropeMagnitude: ClosedRange<Float> = 1e-3...1e3
    /// Rows of one step: more only makes the workspace larger and the steps longer.
    public static let batchRows = 1...8192
    /// A block whose beginning matches is copied only for this many tokens or more: fewer are computed as fast.
    static let sharedTailTokens = 8
    /// KV memory is taken from the system in pieces of about this size: few mappings, little taken too early.
    static let slabBytes = 32 << 20
}
