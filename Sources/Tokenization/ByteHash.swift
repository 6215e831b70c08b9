/// Hashes for the tables of pieces and merges.
///
/// The seed differs from process to process, so that no file can be made whose pieces all fall into one slot.
struct ByteHash: Sendable {
    private let seed: UInt64

    init(seed: UInt64 = .random(in: 1...UInt64.max)) {
        self.seed = seed
    }

    /// The hash of any bytes.
    @inline(__always)
    func callAsFunction(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        guard bytes.count < 8 else { return callAsFunction(inTable: bytes) }
        guard let base = bytes.baseAddress, !bytes.isEmpty else { return fold(0, 0, count: 0) }
        let pointer = UnsafeRawPointer(base)
        let count = bytes.count
        guard count < 4 else {
            let low = UInt64(pointer.loadUnaligned(as: UInt32.self))
            let high = UInt64(pointer.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self))
            return fold(low | high << UInt64(8 * (count - 4)), 0, count: count)
        }
        let low = UInt64(bytes[0]) | UInt64(bytes[count / 2]) << UInt64(8 * (count / 2))
        return fold(low | UInt64(bytes[count - 1]) << UInt64(8 * (count - 1)), 0, count: count)
    }

    /// The same hash, of a string of a table: the 8 bytes before it can be read too, so short strings take no branches, which
    /// lengths that change from string to string would make the processor guess wrong.
    @inline(__always)
    func callAsFunction(inTable bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        guard let base = bytes.baseAddress else { return fold(0, 0, count: 0) }
        let count = bytes.count
        let start = UnsafeRawPointer(base)
        let last = (start + count - 8).loadUnaligned(as: UInt64.self)
        guard count <= 16 else { return longHash(bytes) }
        // Up to 8 bytes are the first word alone, as many as there are.
        let first = (count > 8 ? start : start + count - 8).loadUnaligned(as: UInt64.self)
        return fold(
            first >> UInt64(8 * max(8 - count, 0)), last >> UInt64(8 * min(16 - count, 8)), count: count)
    }

    /// Of more than 16 bytes: all words, the last two of the last 16 bytes, some of them for the second time.
    private func longHash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        let whole = UnsafeRawBufferPointer(bytes)
        var state: UInt64 = 0
        for offset in stride(from: 0, to: bytes.count - 16, by: 8) {
            state = fold(state, whole.loadUnaligned(fromByteOffset: offset, as: UInt64.self), count: 0)
        }
        let first = whole.loadUnaligned(fromByteOffset: bytes.count - 16, as: UInt64.self)
        let last = whole.loadUnaligned(fromByteOffset: bytes.count - 8, as: UInt64.self)
        return fold(state ^ first, last, count: bytes.count)
    }

    /// Two full multiplications, each folded to 64 bits.
    @inline(__always)
    private func fold(_ first: UInt64, _ last: UInt64, count: Int) -> UInt64 {
        let length = UInt64(truncatingIfNeeded: count) &* 0x9E37_79B9_7F4A_7C15
        let one = (seed ^ first &+ length).multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
        let both = (one.high ^ one.low ^ last).multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
        return both.high ^ both.low
    }
}
