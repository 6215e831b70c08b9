import CKernels
import Testing

@testable import Tensors

@Suite("Reading memory")
struct ReadBandwidthTests {
    @Test("every 64-bit word counts, and a rest of less than 128 bytes is left out")
    func readsEveryWord() {
        var words = (0..<80).map { UInt64(truncatingIfNeeded: $0 &* 0x9E37_79B9_7F4A_7C15) }
        for count in [0, 15, 16, 17, 64, 80] {
            let expected = words[..<(count / 16 * 16)].reduce(0, ^)
            #expect(words.withUnsafeBytes { ck_read($0.baseAddress, count * 8) } == expected, "\(count) words")
        }
        words[79] ^= 1
        #expect(words.withUnsafeBytes { ck_read($0.baseAddress, 640) } == words.reduce(0, ^))
    }

    @Test("regions of any size give a rate, and none gives none")
    func measures() {
        let memory = [UInt8](repeating: 7, count: 3 << 20)
        let pool = ThreadPool(threads: 2)
        memory.withUnsafeBytes { bytes in
            let regions = [
                UnsafeRawBufferPointer(rebasing: bytes[..<100]), UnsafeRawBufferPointer(rebasing: bytes[100...]),
                UnsafeRawBufferPointer(rebasing: bytes[..<0]),
            ]
            #expect(ReadBandwidth.measure(regions, pool: pool) > 0)
            #expect(ReadBandwidth.measure([], pool: pool) == 0)
        }
    }
}
