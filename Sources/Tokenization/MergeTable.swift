/// The merges of a BPE vocabulary: which pairs of tokens join, how early, and into what.
///
/// What a merge's parts and its result are as tokens is looked up for the few merges that a text needs, not for all of
/// them ahead.
struct MergeTable: Sendable {
    /// The rank of pairs that do not join: later than all that do.
    static let none = UInt32.max

    private let pieces: PieceTable
    private let index: PieceIndex
    private let merges: MergeIndex

    init(_ merges: MergeIndex, pieces: PieceTable, index: PieceIndex) {
        self.pieces = pieces
        self.index = index
        self.merges = merges
    }

    /// The rank of the merge of two neighbours: 0 joins first; -1 is no neighbour that joins. What has a rank joins only if
    /// it has a result.
    @inline(__always)
    func rank(_ left: Token, _ right: Token) -> UInt32 {
        guard left >= 0, right >= 0, let rank = merges.rank(pieces[Int(left)], pieces[Int(right)]) else {
            return Self.none
        }
        return UInt32(truncatingIfNeeded: rank)
    }

    /// The rank of two neighbours that do join.
    func joiningRank(_ left: Token, _ right: Token) -> UInt32 {
        let rank = rank(left, right)
        return rank == Self.none || result(left, right) == nil ? Self.none : rank
    }

    /// The token that two make together; nil where text has none.
    func result(_ left: Token, _ right: Token) -> Token? {
        let (first, second) = (pieces[Int(left)], pieces[Int(right)])
        let count = first.count + second.count
        guard count <= index.longest else { return nil }
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: count) { joined in
            let middle = joined[...].initialize(fromContentsOf: first)
            _ = joined[middle...].initialize(fromContentsOf: second)
            return index.token(UnsafeBufferPointer(joined))
        }
    }
}
