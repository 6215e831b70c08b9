#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Finds the rank of a merge by the bytes of its two parts.
///
/// Merges stay as they are written, in their table's own place; beside them there is one slot each. So the index is there
/// after one pass over the text.
struct MergeIndex: Sendable {
    private let hash = ByteHash()
    private let merges: PieceTable
    private var slots: SlotTable

    /// Takes merges written as `LEFT RIGHT`, the earliest first: a merge's place is its rank. One without a space can
    /// never happen; of equal merges the first counts.
    init(_ merges: PieceTable) {
        self.merges = merges
        slots = SlotTable(count: merges.count)
        for rank in 0..<merges.count {
            let merge = merges[rank]
            guard let space = Self.space(in: merge) else { continue }
            let hash = pairHash(
                UnsafeBufferPointer(rebasing: merge[..<space]), UnsafeBufferPointer(rebasing: merge[(space + 1)...]))
            slots.insert(rank, hash: hash) { equal(merges[$0], merge) }
        }
    }

    /// The rank of the merge of two parts, or nil.
    @inline(__always)
    func rank(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Int? {
        slots.find(pairHash(left, right)) { Self.isMerge(merges[$0], of: left, right) }
    }

    /// Where the two parts meet: from the second byte on, since the left part may itself be a space where pieces are not
    /// byte-level.
    @inline(__always)
    private static func space(in merge: UnsafeBufferPointer<UInt8>) -> Int? {
        guard merge.count > 1, let base = merge.baseAddress, let found = memchr(base + 1, 0x20, merge.count - 1) else {
            return nil
        }
        return UnsafePointer(found.assumingMemoryBound(to: UInt8.self)) - base
    }

    @inline(__always)
    private static func isMerge(
        _ merge: UnsafeBufferPointer<UInt8>, of left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        merge.count == left.count + 1 + right.count && space(in: merge) == left.count
            && equal(UnsafeBufferPointer(rebasing: merge[..<left.count]), left)
            && equal(UnsafeBufferPointer(rebasing: merge[(left.count + 1)...]), right)
    }

    @inline(__always)
    private func pairHash(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> UInt64 {
        hash(hash(left), hash(right))
    }
}
