/// Byte strings that stay where they lie, such as the 150,000 pieces of a vocabulary in a mapped file.
///
/// String `i` lies at `base + starts[i] + 8 ..< base + starts[i + 1]`, as in a GGUF array of strings, where the 8 bytes before
/// each string are its length. Whoever reads a string may read them too, but nothing behind it.
public struct PieceTable: @unchecked Sendable {
    // Unchecked because of the pointer: the bytes are never written, and `owner` keeps them in place.
    private let base: UnsafePointer<UInt8>
    private let starts: [UInt32]
    /// Readable bytes before each string.
    private static let prefix = 8
    private let owner: (any AnyObject & Sendable)?

    /// A table of strings in place.
    ///
    /// `base` must stay valid for `starts.last` bytes as long as `owner` lives (or forever, without an owner). `starts`
    /// are `count + 1` rising offsets from `base`, each at least 8 above the one before.
    public init(base: UnsafeRawPointer, starts: [UInt32], owner: (any AnyObject & Sendable)?) {
        precondition(!starts.isEmpty, "a table of n strings needs n + 1 offsets")
        let rise = zip(starts, starts.dropFirst()).allSatisfy { Int($1) - Int($0) >= Self.prefix }
        precondition(rise, "the offsets of strings must rise")
        self.base = base.assumingMemoryBound(to: UInt8.self)
        self.starts = starts
        self.owner = owner
    }

    /// A table that holds copies of the strings: for small vocabularies and tests.
    public init(_ strings: [String]) {
        self.init(copying: strings.map { Array($0.utf8) })
    }

    /// A table that holds copies of byte strings.
    public init(copying strings: [[UInt8]]) {
        var starts: [UInt32] = [0]
        var end = 0
        for string in strings {
            end += Self.prefix + string.count
            starts.append(UInt32(end))
        }
        let storage = Storage(joining: strings, count: end)
        self.init(base: UnsafeRawPointer(storage.bytes), starts: starts, owner: storage)
    }

    /// The number of strings.
    public var count: Int { starts.count - 1 }

    /// The bytes of a string; valid while the table or its owner lives.
    subscript(index: Int) -> UnsafeBufferPointer<UInt8> {
        let start = Int(starts[index]) + Self.prefix
        return UnsafeBufferPointer(start: base + start, count: Int(starts[index + 1]) - start)
    }

    /// The length of a string.
    func length(_ index: Int) -> Int {
        Int(starts[index + 1]) - Int(starts[index]) - Self.prefix
    }

    /// A copy of a string.
    public func bytes(_ index: Int) -> [UInt8] {
        withExtendedLifetime(owner) { Array(self[index]) }
    }

    /// Memory for a table's own strings.
    private final class Storage: @unchecked Sendable {
        // Unchecked: written in `init` only.
        let bytes: UnsafeMutablePointer<UInt8>

        init(joining strings: [[UInt8]], count: Int) {
            bytes = .allocate(capacity: max(count, 1))
            var next = bytes
            for string in strings {
                next.initialize(repeating: 0, count: prefix)
                (next + prefix).initialize(from: string, count: string.count)
                next += prefix + string.count
            }
        }

        deinit { bytes.deallocate() }
    }
}
