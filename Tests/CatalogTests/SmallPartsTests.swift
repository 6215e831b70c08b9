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
}
