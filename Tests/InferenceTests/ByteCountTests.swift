import Testing

@testable import Inference

@Suite("Byte counts")
struct ByteCountTests {
    @Test(
        "three significant figures in binary units",
        arguments: [
            (0, "0 B"), (512, "512 B"), (1023, "1 KiB"), (1024, "1 KiB"), (1536, "1.5 KiB"), (6_081_740, "5.8 MiB"),
            (396_704_160, "378 MiB"), (1_321_082_080, "1.23 GiB"), (UInt64.max, "16 EiB"),
        ] as [(UInt64, String)])
    func text(bytes: UInt64, expected: String) {
        #expect(ByteCount(bytes).description == expected)
    }
}
