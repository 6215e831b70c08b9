#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Finds the token of a byte string among the pieces that text may turn into.
///
/// Control, unknown and byte tokens are not among them: plain text never becomes one, whatever the merges and scores say.
struct PieceIndex: Sendable {
    private let hash = ByteHash()

    /// The length in bytes of the longest piece in the index.
    private(set) var longest = 0

    private let pieces: PieceTable
    private var slots: SlotTable

    /// `kinds` has one entry for each piece. Of equal pieces the first counts; empty ones are left out.
    init(_ pieces: PieceTable, kinds: [TokenKind]) {
        self.pieces = pieces
        slots = SlotTable(count: pieces.count)
        for token in 0..<pieces.count where kinds[token].comesFromText {
            let piece = pieces[token]
            guard !piece.isEmpty else { continue }
            longest = max(longest, piece.count)
            slots.insert(token, hash: hash(piece)) { equal(pieces[$0], piece) }
        }
    }

    /// The token whose piece is these bytes.
    @inline(__always)
    func token(_ bytes: UnsafeBufferPointer<UInt8>) -> Token? {
        guard bytes.count <= longest else { return nil }
        return slots.find(hash(bytes)) { equal(pieces[$0], bytes) }.map { Token(truncatingIfNeeded: $0) }
    }

    /// The token whose piece is these bytes.
    func token(_ bytes: [UInt8]) -> Token? {
        bytes.withUnsafeBufferPointer { token($0) }
    }
}

/// Whether two byte strings are equal.
@inline(__always)
func equal(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Bool {
    guard left.count == right.count else { return false }
    guard let one = left.baseAddress, let other = right.baseAddress else { return true }
    return memcmp(one, other, left.count) == 0
}
