import Testing

@testable import Catalog

@Suite struct SmallPartsTests {
    @Test(arguments: [
        (Int64(0), "1970-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"), (951_782_400, "2000-02-29T00:00:00Z"),
        (1_795_774_500, "2026-11-27T10:15:00Z"), (4_107_542_400, "2100-03-01T00:00:00Z"),
        (253_402_300_799, "9999-12-31T23:59:59Z"), (-62_135_596_800, "0001-01-01T00:00:00Z"),
    ])
    func momentsAreWrittenAndReadInRFC3339(_ seconds: Int64, _ text: String) {
        #expect(Timestamp(secondsSince1970: seconds).text == text)
        #expect(Timestamp(text)?.secondsSince1970 == seconds)
    }

    @Test(arguments: [
        "", "2026-11-27", "2026-11-27T10:15:00", "2026-11-27T10:15:00+00:00", "2026-02-30T00:00:00Z",
        "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-11-27T24:00:00Z", "2026-11-27T10:60:00Z",
        "2026-11-27T10:15:60Z", "+026-11-27T10:15:00Z", "2026-11-27t10:15:00z", "2026-11-27T-1:15:00Z",
    ])
    func whatIsNoMomentIsNotRead(_ text: String) {
        #expect(Timestamp(text) == nil)
    }

    /// FIPS 180-4's examples, and lengths around the edges of a block (figures of Python's hashlib).
    @Test(arguments: [
        ("", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        ("a", 55, "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"),
        ("a", 56, "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a"),
        ("a", 63, "7d3e74a05d7db15bce4ad9ec0658ea98e3f06eeecf16b4c6fff2da457ddc2f34"),
        ("a", 64, "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"),
        ("a", 100_000, "6d1cf22d7cc09b085dfc25ee1a1f3ae0265804c607bc2074ad253bcc82fd81ee"),
    ])
    func sha256(_ text: String, _ count: Int, _ digest: String) {
        let bytes = Array(String(repeating: text, count: count).utf8)
        for piece in [1, 7, 64, 65, 100_001] where bytes.count < 1000 || piece > 60 {
            var sum = SHA256()
            for start in stride(from: 0, to: bytes.count, by: piece) {
                bytes[start..<min(bytes.count, start + piece)].withUnsafeBytes { sum.update($0) }
            }
            #expect(sum.finish() == digest, "in pieces of \(piece)")
        }
    }
}
