extension KeepAlive {
    /// Reads a string: a Go-style duration (`"5m"`, `"1h30m"`, `".5s"`, any order, repeats add up) or a bare number of
    /// seconds (`"300"`, `"-1"`). A negative one pins; so does one past 292 years.
    ///
    /// - Throws: `KeepAliveError`; nothing is ever replaced by a default.
    public init(parsing text: String) throws(KeepAliveError) {
        var rest = Array(text.utf8)[...]
        guard let first = rest.first else { throw KeepAliveError(found: text, reason: .empty) }
        let isNegative = first == UInt8(ascii: "-")
        if isNegative || first == UInt8(ascii: "+") { rest.removeFirst() }
        if Self.isBareNumber(rest) {
            // The digits are checked, so the standard library cannot meet anything it would read differently.
            guard let seconds = Double(String(decoding: rest, as: UTF8.self)), seconds.isFinite else {
                throw KeepAliveError(found: text, reason: .notFinite)
            }
            try self.init(seconds: isNegative ? -seconds : seconds)
            return
        }
        guard !rest.isEmpty else { throw KeepAliveError(found: text, reason: .notADuration) }
        var total: UInt64 = 0
        while !rest.isEmpty {
            let part = try Self.parsePart(&rest, of: text)
            // Saturated: far beyond 292 years, which is all that matters below.
            total = total.addingReportingOverflow(part).overflow ? .max : total + part
        }
        if isNegative && total > 0 || total > UInt64(Int64.max) {
            self = .forever
        } else {
            self = .after(.nanoseconds(Int64(total)))
        }
    }

    /// Whether the bytes are digits, perhaps with a fraction and an exponent, and nothing else.
    private static func isBareNumber(_ bytes: ArraySlice<UInt8>) -> Bool {
        var rest = bytes
        guard takeDigits(&rest) > 0 else { return false }
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            guard takeDigits(&rest) > 0 else { return false }
        }
        if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            rest.removeFirst()
            if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
            guard takeDigits(&rest) > 0 else { return false }
        }
        return rest.isEmpty
    }

    private static func takeDigits(_ rest: inout ArraySlice<UInt8>) -> Int {
        let digits = rest.prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
        rest = rest[digits.endIndex...]
        return digits.count
    }

    /// Reads one `number unit` part, in nanoseconds, `UInt64.max` standing for anything larger.
    private static func parsePart(
        _ rest: inout ArraySlice<UInt8>, of text: String
    ) throws(KeepAliveError) -> UInt64 {
        var whole: UInt64 = 0
        var fraction: UInt64 = 0
        var fractionScale: UInt64 = 1
        var digits = 0
        while let digit = takeDigit(&rest) {
            digits += 1
            let (product, overflow) = whole.multipliedReportingOverflow(by: 10)
            whole = overflow || product > .max - UInt64(digit) ? .max : product + UInt64(digit)
        }
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            while let digit = takeDigit(&rest) {
                digits += 1
                // Digits past the fifteenth are below the nanosecond, even of an hour.
                guard fractionScale < 1_000_000_000_000_000 else { continue }
                fraction = fraction * 10 + UInt64(digit)
                fractionScale *= 10
            }
        }
        guard digits > 0 else { throw KeepAliveError(found: text, reason: .notADuration) }
        let unit = rest.prefix { !(UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0) && $0 != UInt8(ascii: ".") }
        rest = rest[unit.endIndex...]
        guard !unit.isEmpty else { throw KeepAliveError(found: text, reason: .missingUnit) }
        let name = String(decoding: unit, as: UTF8.self)
        guard let nanoseconds = nanosecondsPerUnit(name) else {
            throw KeepAliveError(found: text, reason: .unknownUnit(name))
        }
        let (product, overflow) = whole.multipliedReportingOverflow(by: nanoseconds)
        let wide = fraction.multipliedFullWidth(by: nanoseconds)
        let (part, _) = fractionScale.dividingFullWidth(wide)
        return overflow || product > .max - part ? .max : product + part
    }

    private static func takeDigit(_ rest: inout ArraySlice<UInt8>) -> UInt8? {
        guard let first = rest.first, UInt8(ascii: "0")...UInt8(ascii: "9") ~= first else { return nil }
        rest.removeFirst()
        return first - UInt8(ascii: "0")
    }

    private static func nanosecondsPerUnit(_ name: String) -> UInt64? {
        switch name {
        case "ns": 1
        case "us", "\u{B5}s", "\u{3BC}s": 1_000
        case "ms": 1_000_000
        case "s": 1_000_000_000
        case "m": 60_000_000_000
        case "h": 3_600_000_000_000
        default: nil
        }
    }
}
