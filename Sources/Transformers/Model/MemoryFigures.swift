public import GGUF
internal import Tensors

/// What a model needs of the machine's memory, known before any of it is taken.
public struct MemoryFigures: Sendable, Hashable {
    /// Bytes of all tensors: mapped, so they are the page cache's, but decoding is only fast while they stay there.
    public let weightBytes: Int
    /// Bytes of weights that one step reads whatever the number of its tokens: all but an embedding that serves only to
    /// look up rows.
    public let weightBytesPerStep: Int
    /// Bytes of keys and values of one token in a sequence; decoding reads them all for each next token.
    public let cacheBytesPerToken: Int
    /// Bytes of a block of the KV cache: the least that a sequence takes.
    public let cacheBlockBytes: Int
    /// Bytes that a `ForwardContext` of the default size maps.
    public let workspaceBytes: Int

    /// Figures of a model file; the hyperparameters are those read from it.
    public init(_ file: GGUFFile, _ shape: Hyperparameters) {
        weightBytes = file.tensors.reduce(0) { $0 + $1.byteCount }
        let isTied = file.tensor(named: TensorName.output) == nil
        let lookedUp = isTied ? 0 : file.tensor(named: TensorName.tokenEmbedding)?.byteCount ?? 0
        weightBytesPerStep = weightBytes - lookedUp
        cacheBytesPerToken = shape.cacheBytesPerToken
        cacheBlockBytes = shape.cacheLayout.blockBytes
        workspaceBytes = ForwardContext.byteCount(shape)
    }
}
