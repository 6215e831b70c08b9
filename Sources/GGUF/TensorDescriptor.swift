/// A tensor's name, type, shape and place. Everything in it has been checked against the file.
public struct TensorDescriptor: Hashable, Sendable {
    /// The name, such as `blk.0.attn_q.weight`.
    public let name: String

    /// The type of its elements.
    public let type: TensorType

    /// Sizes in GGUF's order: `[0]` is the contiguous one (columns), then rows; 0 to 4 of them, none zero.
    public let dimensions: [Int]

    /// Bytes of the whole tensor, without padding.
    public let byteCount: Int

    /// Which part of a split file it lies in; 0 in a whole one.
    public let part: Int

    /// Where its first byte lies, counted from the start of that part.
    public let offset: Int

    /// Elements of a row: the contiguous dimension, a multiple of the type's block size.
    public var columns: Int {
        dimensions.first ?? 1
    }

    /// The product of all dimensions but the first.
    public var rows: Int {
        dimensions.dropFirst().reduce(1, *)
    }

    /// The number of elements.
    public var elementCount: Int {
        columns * rows
    }
}
