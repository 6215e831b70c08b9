import OrderedJSON

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Python's format specification: `[[fill]align][sign][#][0][width][grouping][.precision][type]`.
struct FormatSpecification {
    var fill: Unicode.Scalar = " "
    var alignment: Unicode.Scalar?
    var sign: Unicode.Scalar = "-"
    var isAlternate = false
    var width = 0
    var grouping: Unicode.Scalar?
    var precision: Int?
    var type: Unicode.Scalar?

    /// Digits of the longest numbers are far below this.
    private static let maximumPrecision = 1000
    private static let maximumWidth = 1 << 30

    init() {}

    init(parsing text: Text) throws(JinjaError) {
        var scalars = Array(text.string.unicodeScalars)[...]
        func isAlignment(_ scalar: Unicode.Scalar?) -> Bool {
            scalar.map { "<>=^".unicodeScalars.contains($0) } ?? false
        }
        if scalars.count > 1, isAlignment(scalars.dropFirst().first) {
            fill = scalars.removeFirst()
            alignment = scalars.removeFirst()
        } else if isAlignment(scalars.first) {
            alignment = scalars.removeFirst()
        }
        func takes(_ set: String) -> Unicode.Scalar? {
            guard let first = scalars.first, set.unicodeScalars.contains(first) else { return nil }
            return scalars.removeFirst()
        }
        if let mark = takes("+- ") { sign = mark }
        _ = takes("z")
        isAlternate = takes("#") != nil
        if takes("0") != nil, alignment == nil {
            fill = "0"
            alignment = "="
        }
        width = try Self.takeNumber(&scalars, limit: Self.maximumWidth) ?? 0
        grouping = takes(",_")
        if takes(".") != nil {
            guard let digits = try Self.takeNumber(&scalars, limit: Self.maximumPrecision) else {
                throw JinjaError(.value, "Format specifier missing precision")
            }
            precision = digits
        }
        if !scalars.isEmpty { type = scalars.removeFirst() }
        guard scalars.isEmpty else { throw JinjaError(.value, "Invalid format specifier '\(text.string)'") }
    }

    private static func takeNumber(
        _ scalars: inout ArraySlice<Unicode.Scalar>, limit: Int
    ) throws(JinjaError) -> Int? {
        var number: Int?
        while let first = scalars.first, first.isASCII, let digit = first.decimalValue {
            scalars.removeFirst()
            number = (number ?? 0) * 10 + digit
            if let number, number > limit {
                throw JinjaError(.limit, "a width or precision in a format is more than \(limit)")
            }
        }
        return number
    }

    // MARK: Numbers

    /// A number in this format, without padding: sign and prefix, then digits.
    func format(_ number: Number, typeName: String) throws(JinjaError) -> (prefix: String, digits: String) {
        switch number {
        case .integer(let value):
            switch type {
            case nil, "d", "n", "b", "o", "x", "X": return try format(value)
            case "e", "E", "f", "F", "g", "G", "%": return format(Double(value))
            case "c":
                guard let scalar = UInt32(exactly: value).flatMap(Unicode.Scalar.init) else {
                    throw JinjaError(.value, "%c arg not in range(0x110000)")
                }
                return ("", String(Character(scalar)))
            default: throw unknown(typeName)
            }
        case .float(let value):
            switch type {
            case nil, "e", "E", "f", "F", "g", "G", "n", "%": return format(value)
            default: throw unknown(typeName)
            }
        }
    }

    func unknown(_ typeName: String) -> JinjaError {
        JinjaError(
            .value,
            "Unknown format code '\(type.map { String(Character($0)) } ?? "")' for object of type '\(typeName)'")
    }

    private func format(_ value: Int) throws(JinjaError) -> (prefix: String, digits: String) {
        if precision != nil { throw JinjaError(.value, "Precision not allowed in integer format specifier") }
        let (radix, mark): (Int, String) =
            switch type {
            case "b": (2, "0b")
            case "o": (8, "0o")
            case "x": (16, "0x")
            case "X": (16, "0X")
            default: (10, "")
            }
        let digits = String(value.magnitude, radix: radix, uppercase: type == "X")
        return (signText(value < 0) + (isAlternate ? mark : ""), grouped(digits, radix == 10 ? 3 : 4))
    }

    private func format(_ value: Double) -> (prefix: String, digits: String) {
        let isNegative = value.sign == .minus && !value.isNaN
        let magnitude = value.magnitude
        guard value.isFinite else {
            let name = value.isNaN ? "nan" : "inf"
            let isUpper = type.map { "EFG".unicodeScalars.contains($0) } ?? false
            return (signText(isNegative), (isUpper ? name.uppercased() : name) + (type == "%" ? "%" : ""))
        }
        var text: String
        switch type {
        case "%": text = Self.print(magnitude * 100, precision ?? 6, "f", isAlternate) + "%"
        case let type?: text = Self.print(magnitude, precision ?? 6, type == "n" ? "g" : type, isAlternate)
        case nil:
            if let precision {
                text = Self.print(magnitude, max(precision, 1), "g", isAlternate)
                // Without a type there is always a digit after the point.
                if !text.contains("e"), !text.contains(".") {
                    text =
                        text.count >= max(precision, 1) && precision < 17 && magnitude >= 1
                        ? Self.exponential(magnitude, precision) : text + ".0"
                }
            } else {
                text = ShortestDecimal.text(magnitude)
            }
        }
        let end = text.firstIndex { !$0.isNumber } ?? text.endIndex
        return (signText(isNegative), grouped(String(text[..<end]), 3) + text[end...])
    }

    /// Python moves to an exponent one digit earlier than `%g` when it must show a digit after the point.
    private static func exponential(_ value: Double, _ precision: Int) -> String {
        var text = print(value, max(precision - 1, 0), "e", false)
        if let mark = text.firstIndex(of: "e"), text[..<mark].contains(".") {
            var mantissa = text[..<mark]
            while mantissa.last == "0" { mantissa.removeLast() }
            if mantissa.last == "." { mantissa.removeLast() }
            text = String(mantissa) + text[mark...]
        }
        return text
    }

    private func signText(_ isNegative: Bool) -> String {
        isNegative ? "-" : sign == "-" ? "" : String(Character(sign))
    }

    private func grouped(_ digits: String, _ size: Int) -> String {
        guard let grouping else { return digits }
        var result = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: size) { result.unicodeScalars.append(grouping) }
            result.append(digit)
        }
        return result
    }

    /// C's `printf` of a float, which is what Python's formats are defined by.
    static func print(_ value: Double, _ precision: Int, _ type: Unicode.Scalar, _ isAlternate: Bool) -> String {
        let format = "%\(isAlternate ? "#" : "").\(min(precision, maximumPrecision))\(Character(type))"
        var buffer = [CChar](repeating: 0, count: 400 + maximumPrecision)
        let count = withVaList([value]) { vsnprintf(&buffer, buffer.count, format, $0) }
        return String(decoding: buffer.prefix(max(0, Int(count))).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    // MARK: Padding

    /// Text with the padding of this format. The padding has the trust of the format.
    func pad(
        prefix: String = "", _ text: Text, defaultAlignment: Unicode.Scalar, trusted: Bool, _ interpreter: Interpreter
    ) throws(JinjaError) -> Text {
        let builder = TextBuilder()
        let missing = max(width - text.scalarCount - prefix.unicodeScalars.count, 0)
        try interpreter.check(bytes: text.count + missing * 4)
        let alignment = alignment ?? defaultAlignment
        let left = alignment == ">" ? missing : alignment == "^" ? missing / 2 : 0
        let inner = alignment == "=" ? missing : 0
        for _ in 0..<left { builder.append(fill, trusted: trusted) }
        builder.append(prefix, trusted: trusted)
        for _ in 0..<inner { builder.append(fill, trusted: trusted) }
        builder.append(text)
        for _ in (left + inner)..<missing { builder.append(fill, trusted: trusted) }
        return try interpreter.checked(builder.text())
    }
}
