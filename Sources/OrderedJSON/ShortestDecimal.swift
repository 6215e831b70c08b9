/// Doubles as the shortest decimal that reads back as the same double, laid out as Python's `repr` does.
public enum ShortestDecimal {
    /// `1.0`, `0.1`, `1e+16`, `1e-05`, `nan`, `inf`: exponents from 16 up and below -4, of at least two digits.
    public static func text(_ value: Double) -> String {
        guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
        let sign = value.sign == .minus ? "-" : ""
        if value == 0 { return sign + "0.0" }
        let (digits, point) = decompose(value.magnitude)
        return sign + layOut(digits, point: point)
    }

    /// The significant digits (no zeros at either end), and how many of them stand before the decimal point.
    private static func decompose(_ magnitude: Double) -> (digits: [UInt8], point: Int) {
        var digits: [UInt8] = []
        var point: Int?
        var exponent = 0
        // Swift's description has the shortest digits, in one of the layouts 12.5, 1.25e+20, 5e-324.
        let parts = magnitude.description.split(separator: "e")
        if parts.count == 2, let parsed = Int(parts[1]) { exponent = parsed }
        for byte in (parts.first ?? "").utf8 {
            if byte == UInt8(ascii: ".") { point = digits.count } else { digits.append(byte) }
        }
        var before = (point ?? digits.count) + exponent
        let zeros = digits.prefix { $0 == UInt8(ascii: "0") }.count
        digits.removeFirst(zeros)
        before -= zeros
        while digits.last == UInt8(ascii: "0") { digits.removeLast() }
        return (digits, before)
    }

    private static func layOut(_ digits: [UInt8], point: Int) -> String {
        let text = String(decoding: digits, as: UTF8.self)
        if point > 16 || point < -3 {
            let rest = text.dropFirst()
            let magnitude = String((point - 1).magnitude)
            return text.prefix(1) + (rest.isEmpty ? "" : "." + rest) + (point > 0 ? "e+" : "e-")
                + (magnitude.count < 2 ? "0" : "") + magnitude
        }
        if point <= 0 { return "0." + String(repeating: "0", count: -point) + text }
        if digits.count <= point { return text + String(repeating: "0", count: point - digits.count) + ".0" }
        return text.prefix(point) + "." + text.dropFirst(point)
    }
}
