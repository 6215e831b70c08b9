/// The merges of a BPE vocabulary: which pairs of tokens join, how early, and into what.
struct MergeTable: Sendable {
    /// The rank of pairs that do not join: later than all that do.
    static let none = UInt32.max

    private let hash: ByteHash
    private let slots: SlotTable
    private let entries: [Entry]

    /// Two tokens that join, and what they make. The entry's place is its rank: 0 joins first.
    private struct Entry {
        var left: Token
        var right: Token
        var result: Token

        static let never = Entry(left: -1, right: -1, result: -1)
    }

    /// Reads merges written as `LEFT RIGHT`, the earliest first.
    ///
    /// A merge without a space, or with a part or a result that text cannot turn into, can never happen and is passed
    /// over. Of equal merges the first counts.
    init(_ merges: PieceTable, finder: MergeFinder) {
        let hash = ByteHash()
        var finder = finder
        var entries: [Entry] = []
        entries.reserveCapacity(merges.count)
        for rank in 0..<merges.count {
            guard let merge = finder.resolve(merges[rank]) else {
                entries.append(.never)
                continue
            }
            entries.append(Entry(left: merge.left, right: merge.right, result: merge.result))
        }
        var slots = SlotTable(count: merges.count)
        for (rank, entry) in entries.enumerated() where entry.result >= 0 {
            slots.insert(rank, hash: hash(entry.left, entry.right)) {
                entries[$0].left == entry.left && entries[$0].right == entry.right
            }
        }
        self.hash = hash
        self.slots = slots
        self.entries = entries
    }

    /// The rank of the merge of two neighbours, or `none`.
    @inline(__always)
    func rank(_ left: Token, _ right: Token) -> UInt32 {
        guard
            let rank = slots.find(
                hash(left, right), matches: { entries[$0].left == left && entries[$0].right == right })
        else { return Self.none }
        return UInt32(truncatingIfNeeded: rank)
    }

    /// The token that the merge of a rank makes.
    @inline(__always)
    func result(_ rank: UInt32) -> Token {
        entries[Int(rank)].result
    }
}

/// Turns merges as written into tokens.
struct MergeFinder {
    private let pieces: PieceTable
    private let kinds: [TokenKind]
    private let index: PieceIndex
    private var joined: [UInt8] = []
    private var lastResult = 0

    init(pieces: PieceTable, kinds: [TokenKind], index: PieceIndex) {
        self.pieces = pieces
        self.kinds = kinds
        self.index = index
    }

    /// The tokens of a merge `LEFT RIGHT`, or nil if it can never happen.
    mutating func resolve(_ merge: UnsafeBufferPointer<UInt8>) -> (left: Token, right: Token, result: Token)? {
        // From the second byte on: the left part may itself be a space where pieces are not byte-level.
        guard let space = merge.dropFirst().firstIndex(of: 0x20) else { return nil }
        let left = UnsafeBufferPointer(rebasing: merge[..<space])
        let right = UnsafeBufferPointer(rebasing: merge[(space + 1)...])
        guard let leftToken = index.token(left), let rightToken = index.token(right),
            let result = token(joining: left, right)
        else { return nil }
        return (leftToken, rightToken, result)
    }

    private mutating func token(
        joining left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>
    ) -> Token? {
        // Vocabularies number their pieces in the order of the merges, so the result is mostly the piece after the last
        // result, or the same again (several merges may make one piece): no search needed.
        for guess in lastResult...lastResult + 1
        where guess < pieces.count && kinds[guess].comesFromText {
            let piece = pieces[guess]
            if piece.count == left.count + right.count,
                equal(UnsafeBufferPointer(rebasing: piece[..<left.count]), left),
                equal(UnsafeBufferPointer(rebasing: piece[left.count...]), right)
            {
                lastResult = guess
                return Token(truncatingIfNeeded: guess)
            }
        }
        joined.removeAll(keepingCapacity: true)
        joined.append(contentsOf: left)
        joined.append(contentsOf: right)
        guard let found = index.token(joined) else { return nil }
        lastResult = Int(found)
        return found
    }
}
