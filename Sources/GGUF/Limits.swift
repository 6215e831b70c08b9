/// Bounds on what a file may ask for. Files are untrusted: whatever is not bounded by the file's own size is bounded here.
public enum Limits {
    /// Metadata entries in one part. Real files carry fewer than 100; each entry costs a dictionary slot.
    public static let metadataEntries = 1 << 16

    /// Bytes in a metadata key: the format's own bound (2^16 - 1).
    public static let keyBytes = (1 << 16) - 1

    /// Tensors in one part. The largest mixtures of experts carry some 10,000 of them.
    public static let tensors = 1 << 20

    /// Bytes in a tensor's name: the format's own bound.
    public static let tensorNameBytes = 64

    /// Dimensions of a tensor: ggml has no more.
    public static let tensorDimensions = 4

    /// Arrays inside arrays. No known file nests at all; the reader recurses once for each level.
    public static let arrayDepth = 4

    /// Bytes of one array of strings: positions in it are kept as 32-bit numbers, half the memory of a table of pointers.
    public static let stringArrayBytes = Int(UInt32.max)

    /// Least alignment of tensor data: the format wants a multiple of 8, and 32-bit floats are read in place.
    public static let minimumAlignment = 8

    /// Greatest alignment of tensor data: a huge page.
    public static let maximumAlignment = 1 << 21

    /// Parts of a split file. The largest models in use come in fewer than 200.
    public static let parts = 1024
}
