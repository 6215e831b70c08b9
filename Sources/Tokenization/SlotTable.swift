/// Open addressing with 32-bit slots: each slot is 0, or an entry's number plus one with bits of its hash above.
///
/// The bits of the hash (the tag) end nearly every unsuccessful search without a look at the entry itself.
struct SlotTable: Sendable {
    private var slots: [UInt32]
    private let slotMask: Int
    private let indexBits: Int

    /// A table for up to `count` entries, at most three quarters full.
    init(count: Int) {
        precondition(count <= Limits.entries, "a slot table holds at most \(Limits.entries) entries")
        indexBits = max(1, Int.bitWidth - count.leadingZeroBitCount)
        var capacity = 16
        while capacity * 3 < count * 4 { capacity *= 2 }
        slots = [UInt32](repeating: 0, count: capacity)
        slotMask = capacity - 1
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

    /// Puts an entry in, unless there is one that `matches` already: the first one stays.
    @inline(__always)
    mutating func insert(_ index: Int, hash: UInt64, matches: (Int) -> Bool) {
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
