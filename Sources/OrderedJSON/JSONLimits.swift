/// What a document may cost at most. Bodies, tool arguments and metadata come from strangers.
public struct JSONLimits: Sendable, Hashable {
    /// Arrays and objects inside one another. The parser, and all code that walks a value, recurses once a level; 128 is
    /// far beyond real documents and far within a stack of 512 KiB.
    public var depth: Int
    /// Bytes of the whole document. 64 MiB holds the longest context window as text many times over.
    public var bytes: Int
    /// Characters of one number. Exact decimal conversion costs more than linear time beyond a few hundred digits.
    public var numberCharacters: Int

    /// Limits other than the default ones.
    public init(depth: Int = 128, bytes: Int = 64 << 20, numberCharacters: Int = 1024) {
        self.depth = depth
        self.bytes = bytes
        self.numberCharacters = numberCharacters
    }

    /// Depth 128, 64 MiB, 1,024 characters a number.
    public static let `default` = JSONLimits()
}
