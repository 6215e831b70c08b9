/// Hashes for the tables of pieces and merges.
///
/// The seed differs from process to process, so that no file can be made whose pieces all fall into one slot.
struct ByteHash: Sendable {
    private let seed: UInt64

    init(seed: UInt64 = .random(in: 1...UInt64.max)) {
        self.seed = seed
    }

    /// The hash of a byte string: 8 bytes a step, each step one full multiplication folded to 64 bits.
    @inline(__always)
    func callAsFunction(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        guard let base = bytes.baseAddress else { return fold(seed) }
        let pointer = UnsafeRawPointer(base)
        let count = bytes.count
        var state = fold(seed ^ UInt64(truncatingIfNeeded: count))
        if count >= 8 {
            var offset = 0
            while offset + 8 < count {
                state = fold(state ^ pointer.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
                offset += 8
            }
            // The last 8 bytes, some of them for the second time.
            return fold(state ^ pointer.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self))
        }
        if count >= 4 {
            let low = UInt64(pointer.loadUnaligned(as: UInt32.self))
            let high = UInt64(pointer.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self))
            return fold(state ^ (high << 32 | low))
        }
        guard count > 0 else { return state }
        let ends = UInt64(bytes[0]) | UInt64(bytes[count / 2]) << 8 | UInt64(bytes[count - 1]) << 16
        return fold(state ^ ends)
    }

    /// The hash of a pair of hashes.
    @inline(__always)
    func callAsFunction(_ left: UInt64, _ right: UInt64) -> UInt64 {
        fold(fold(seed ^ left) ^ right)
    }

    @inline(__always)
    private func fold(_ value: UInt64) -> UInt64 {
        let product = (value ^ 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
        return product.high ^ product.low
    }
}
