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
    private let slots: SlotTable

    /// Takes merges written as `LEFT RIGHT`, the earliest first: a merge's place is its rank. One without a space can
    /// never happen; of equal merges the first counts.
    init(_ merges: PieceTable) {
        self.merges = merges
        slots = SlotTable(count: merges.count) { [hash] in
            hash(inTable: merges[$0])
        } areEqual: {
            equal(merges[$0], merges[$1])
        }
    }

    /// The rank of the merge of two parts, or nil.
    @inline(__always)
    func rank(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Int? {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: left.count + 1 + right.count) { merge in
            let space = merge.update(fromContentsOf: left)
            merge[space] = 0x20
            _ = merge[(space + 1)...].update(fromContentsOf: right)
            let merge = UnsafeBufferPointer(merge)
            guard Self.space(in: merge) == space else { return nil }
            return slots.find(hash(merge)) { equal(merges[$0], merge) }
        }
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
}
