import Residency
import Testing

/// Every row of the two tables that say what `keep_alive` means.
@Suite struct KeepAliveTests {
    @Test(
        arguments: [
            ("5m", .after(.seconds(300))), ("45s", .after(.seconds(45))), ("1h30m", .after(.seconds(5400))),
            ("1.5h", .after(.seconds(5400))), ("500ms", .after(.milliseconds(500))),
            ("+5m", .after(.seconds(300))), ("30m1h", .after(.seconds(5400))), ("5m5m", .after(.seconds(600))),
            (".5s", .after(.milliseconds(500))), ("5.s", .after(.seconds(5))), ("100ms", .after(.milliseconds(100))),
            ("1us", .after(.microseconds(1))), ("1µs", .after(.microseconds(1))), ("1μs", .after(.microseconds(1))),
            ("1ns", .after(.nanoseconds(1))), ("0.1ns", .zero), ("1.0000000005s", .after(.seconds(1))),
            ("0.123456789123456789s", .after(.nanoseconds(123_456_789))),
            ("00005m", .after(.seconds(300))), ("2562047h", .after(.seconds(2_562_047 * 3600))),
        ] as [(String, KeepAlive)])
    func `a Go-style duration is that long`(text: String, expected: KeepAlive) throws {
        #expect(try KeepAlive(parsing: text) == expected)
    }

    @Test(
        arguments: [
            ("300", .after(.seconds(300))), ("0.5", .after(.milliseconds(500))), ("3e2", .after(.seconds(300))),
            ("+300", .after(.seconds(300))), ("300.0", .after(.seconds(300))),
        ] as [(String, KeepAlive)])
    func `a string that holds a bare number is seconds`(text: String, expected: KeepAlive) throws {
        #expect(try KeepAlive(parsing: text) == expected)
    }

    @Test(arguments: ["0", "0s", "+0", "-0", "-0s", "0.0", "0h0m", "-0.1ns"])
    func `a zero unloads at once`(text: String) throws {
        #expect(try KeepAlive(parsing: text) == .zero)
    }

    @Test(arguments: [
        "-1", "-1s", "-1m", "-1h30m", "-5", "-0.5", "-.5s", "-1.0",
        "9223372037s", "2562048h", "9223372037", "1e18", "99999999999999999999999999h", "-99999999999999999999h",
    ])
    func `what is negative or past 292 years pins`(text: String) throws {
        #expect(try KeepAlive(parsing: text) == .forever)
    }

    @Test(
        arguments: [
            ("", .empty), ("5 minutes", .unknownUnit(" minutes")), ("5m ", .unknownUnit("m ")), (" 5m", .notADuration),
            ("1d", .unknownUnit("d")), ("5M", .unknownUnit("M")), ("5 m", .unknownUnit(" m")),
            ("1h-1m", .unknownUnit("h-")), ("forever", .notADuration), ("inf", .notADuration), ("nan", .notADuration),
            ("1m30", .missingUnit), ("5.", .missingUnit), ("-", .notADuration), ("+", .notADuration),
            ("--5", .notADuration), (".s", .notADuration), ("0x10", .unknownUnit("x")), ("1e400", .notFinite),
            ("5m\t", .unknownUnit("m\t")), ("٥m", .notADuration), ("1.2.3s", .missingUnit),
        ] as [(String, KeepAliveError.Reason)])
    func `anything else is refused with its reason`(text: String, reason: KeepAliveError.Reason) {
        let error = #expect(throws: KeepAliveError.self) { try KeepAlive(parsing: text) }
        #expect(error?.reason == reason)
        #expect(error?.found == text)
    }

    @Test(
        arguments: [
            (300.0, .after(.seconds(300))), (300.5, .after(.milliseconds(300_500))), (0.5, .after(.milliseconds(500))),
            (1e-9, .after(.nanoseconds(1))), (1e-10, .zero), (0.0, .zero), (-0.0, .zero), (-1.0, .forever),
            (-0.5, .forever), (-1e-300, .forever), (9.3e9, .forever), (1e308, .forever),
            (9_223_372_036.0, .after(.seconds(9_223_372_036))),
        ] as [(Double, KeepAlive)])
    func `a number is seconds`(seconds: Double, expected: KeepAlive) throws {
        #expect(try KeepAlive(seconds: seconds) == expected)
    }

    @Test(
        arguments: [
            (0, .zero), (300, .after(.seconds(300))), (-1, .forever), (-5, .forever), (.min, .forever),
            (.max, .forever),
            (9_223_372_036, .after(.seconds(9_223_372_036))), (9_223_372_037, .forever),
        ] as [(Int64, KeepAlive)])
    func `an integer is seconds`(seconds: Int64, expected: KeepAlive) {
        #expect(KeepAlive(seconds: seconds) == expected)
    }

    @Test(arguments: [Double.infinity, -.infinity, .nan])
    func `a number that is none is refused`(seconds: Double) {
        #expect(throws: KeepAliveError.self) { try KeepAlive(seconds: seconds) }
    }

    @Test(arguments: ["5m", "1h30m", "1h1s", "500ms", "1s1ns", "0s", "-1", "2h", "59s"])
    func `what is written reads back the same`(text: String) throws {
        let value = try KeepAlive(parsing: text)
        #expect(value.description == text)
        #expect(try KeepAlive(parsing: value.description) == value)
    }

    @Test func `a long value is shortened in the message`() {
        let error = KeepAliveError(found: String(repeating: "x", count: 1_000), reason: .notADuration)
        #expect(error.description.count < 250)
    }
}
