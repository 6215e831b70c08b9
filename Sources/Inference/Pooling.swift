internal import GGUF

/// How the hidden rows of a text become one vector: `<architecture>.pooling_type`, with llama.cpp's numbers.
enum Pooling: Int, Sendable {
    /// The mean over all tokens.
    case mean = 1
    /// The first token's row.
    case first = 2
    /// The last token's row.
    case last = 3

    /// What a file says; the mean where it says nothing, or names no way to make a vector of a text.
    init(_ metadata: GGUFMetadata, architecture: String) {
        self = metadata.integer(MetadataKey.poolingType(architecture)).flatMap(Pooling.init) ?? .mean
    }
}
