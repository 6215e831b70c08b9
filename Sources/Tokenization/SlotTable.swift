/// Open addressing with 32-bit slots: each slot is 0, or an entry's number plus one with bits of its hash above.
///
/// The bits of the hash (the tag) end nearly every unsuccessful search without a look at the entry itself.
struct SlotTable: Sendable {
    private var slots: [UInt32]
    private let slotMask: Int
    private let indexBits: Int

    /// A table of the entries `0 ..< count`, less those whose hash is nil, at most three quarters full. Of entries that are
    /// equal the first counts.
    @inline(__always)
    init(count: Int, hash: (Int) -> UInt64?, areEqual: (Int, Int) -> Bool) {
        precondition(count <= Limits.entries, "a slot table holds at most \(Limits.entries) entries")
        indexBits = max(1, Int.bitWidth - count.leadingZeroBitCount)
        var capacity = 16
        while capacity * 3 < count * 4 { capacity *= 2 }
        slots = [UInt32](repeating: 0, count: capacity)
        slotMask = capacity - 1
        // Some hashes first, then their slots: the processor waits for several slots at once.
        let stretch = 64
        withUnsafeTemporaryAllocation(of: UInt64?.self, capacity: stretch) { hashes in
            for start in stride(from: 0, to: count, by: stretch) {
                let end = min(start + stretch, count)
                for index in start..<end { hashes.initializeElement(at: index - start, to: hash(index)) }
                for index in start..<end {
                    guard let hash = hashes[index - start] else { continue }
                    insert(index, hash: hash) { areEqual($0, index) }
                }
            }
        }
    }

    /// The entry with this hash that `matches`, or nil.
    @inline(__always)
    func find(_ hash: UInt64, matches: (Int) -> Bool) -> Int? {
        let tag = tag(of: hash)
        let indexMask = UInt32(1) << UInt32(indexBits) - 1
        var slot = Int(truncatingIfNeeded: hash) & slotMask
        while slots[slot] != 0 {
            let value = slots[slot]
            if value & ~indexMask == tag {
                let index = Int(value & indexMask) - 1
                if matches(index) { return index }
            }
            slot = (slot + 1) & slotMask
        }
        return nil
    }

    /// Puts an entry in, unless there is one that `matches` already.
    @inline(__always)
    private mutating func insert(_ index: Int, hash: UInt64, matches: (Int) -> Bool) {
        let tag = tag(of: hash)
        let indexMask = UInt32(1) << UInt32(indexBits) - 1
        var slot = Int(truncatingIfNeeded: hash) & slotMask
        while slots[slot] != 0 {
            let value = slots[slot]
            if value & ~indexMask == tag, matches(Int(value & indexMask) - 1) { return }
            slot = (slot + 1) & slotMask
        }
        slots[slot] = tag | UInt32(index + 1)
    }

    @inline(__always)
    private func tag(of hash: UInt64) -> UInt32 {
        // From the hash's upper half: the lower bits have chosen the slot.
        UInt32(truncatingIfNeeded: hash >> 32) << UInt32(indexBits)
    }
}
