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
    let longest: Int

    private let pieces: PieceTable
    private let slots: SlotTable

    /// `kinds` has one entry for each piece. Of equal pieces the first counts; empty ones are left out.
    init(_ pieces: PieceTable, kinds: [TokenKind]) {
        self.pieces = pieces
        var longest = 0
        slots = SlotTable(count: pieces.count) { [hash] token in
            let piece = pieces[token]
            guard kinds[token].comesFromText, !piece.isEmpty else { return nil }
            longest = max(longest, piece.count)
            return hash(inTable: piece)
        } areEqual: {
            equal(pieces[$0], pieces[$1])
        }
        self.longest = longest
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
