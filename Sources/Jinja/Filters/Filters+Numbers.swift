/// Filters that make numbers.
extension Filters {
    static let numbers: [String: Filter] = [
        "int": { _, value, arguments throws(JinjaError) in
            let values = try arguments.bound(to: "int", ["default", "base"])
            return try integer(value, base: try values[1]?.requireInteger() ?? 10) ?? values[0] ?? .integer(0)
        },
        "float": { _, value, arguments throws(JinjaError) in
            let fallback = try arguments.bound(to: "float", ["default"])[0] ?? .float(0)
            if case .undefined(let undefined) = value { throw undefined.error }
            return double(value).map { .float($0) } ?? fallback
        },
        "abs": { _, value, _ throws(JinjaError) in
            switch value.number {
            case .integer(let integer)?:
                guard integer > .min else { throw Arithmetic.overflow }
                return .integer(abs(integer))
            case .float(let float)?: return .float(float.magnitude)
            case nil:
                if case .undefined(let undefined) = value { throw undefined.error }
                throw JinjaError(.value, "bad operand type for abs(): '\(value.typeName)'")
            }
        },
        "round": { _, value, arguments throws(JinjaError) in
            let values = try arguments.bound(to: "round", ["precision", "method"])
            let method = try values[1]?.requireText("round").string ?? "common"
            guard ["common", "ceil", "floor"].contains(method) else {
                throw JinjaError(.value, "method must be common, ceil or floor")
            }
            guard let number = value.number else {
                if case .undefined(let undefined) = value { throw undefined.error }
                throw JinjaError(.value, "type \(value.typeName) doesn't define __round__ method")
            }
            let precision = try values[0]?.requireInteger() ?? 0
            if method == "common" { return try round(number, precision) }
            let scale = pow10(precision)
            let scaled = number.double * scale
            return .float((method == "ceil" ? scaled.rounded(.up) : scaled.rounded(.down)) / scale)
        },
        "sum": { interpreter, value, arguments throws(JinjaError) in
            let values = try arguments.bound(to: "sum", ["attribute", "start"])
            let path = try AttributePath(values[0], interpreter)
            var total = values[1] ?? .integer(0)
            if case .text = total {
                throw JinjaError(.value, "sum() can't sum strings [use ''.join(seq) instead]")
            }
            let iterator = try interpreter.iterator(over: value)
            while let element = try iterator.next() {
                try interpreter.charge()
                total = try interpreter.calculate(total, .add, try path.value(in: element))
            }
            return total
        },
    ]

    private static func integer(_ value: Value, base: Int) throws(JinjaError) -> Value? {
        if case .undefined(let undefined) = value { throw undefined.error }
        if case .text(let text) = value {
            guard base == 0 || (2...36).contains(base) else { return nil }
            if let integer = try parse(text, base: base) { return .integer(integer) }
        } else if let integer = value.integer {
            return .integer(integer)
        }
        guard let double = double(value), double.isFinite else { return nil }
        guard let integer = Int(exactly: double.rounded(.towardZero)) else { throw Arithmetic.overflow }
        return .integer(integer)
    }

    /// Python's `int(text, base)`; nil where it raises a ValueError.
    private static func parse(_ text: Text, base: Int) throws(JinjaError) -> Int? {
        guard var digits = digitText(text)?[...] else { return nil }
        let isNegative = digits.hasPrefix("-")
        if isNegative || digits.hasPrefix("+") { digits.removeFirst() }
        var radix = base
        for (mark, value) in [("0x", 16), ("0o", 8), ("0b", 2)] where base == value || base == 0 {
            if digits.lowercased().hasPrefix(mark) {
                digits.removeFirst(2)
                radix = value
                break
            }
        }
        if radix == 0 { radix = 10 }
        let isDigit = { (character: Character) in
            character.hexDigitValue.map { $0 < radix } ?? (radix > 16 && character.isASCII && character.isLetter)
        }
        guard !digits.isEmpty, digits.allSatisfy(isDigit) else { return nil }
        guard let integer = Int((isNegative ? "-" : "") + digits, radix: radix) else { throw Arithmetic.overflow }
        return integer
    }

    /// Text of a number in ASCII digits, without white space around it or single underscores in it; nil when
    /// underscores stand elsewhere.
    private static func digitText(_ text: Text) -> String? {
        var result = ""
        var isValid = true
        var followsDigit = false
        text.stripped().forEachScalar { scalar, _ in
            if scalar == "_" {
                isValid = followsDigit
                followsDigit = false
                return isValid
            }
            result += scalar.decimalValue.map(String.init) ?? String(Character(scalar))
            followsDigit = scalar.isPythonDecimal || scalar.properties.isHexDigit
            return true
        }
        return isValid && (followsDigit || !text.bytes.contains(0x5f)) ? result : nil
    }

    /// Python's `float(value)`; nil where it raises a TypeError or a ValueError.
    private static func double(_ value: Value) -> Double? {
        if let number = value.number { return number.double }
        guard case .text(let text) = value, let digits = digitText(text) else { return nil }
        let unsigned = digits.drop { $0 == "-" || $0 == "+" }
        guard digits.count - unsigned.count <= 1 else { return nil }
        switch unsigned.lowercased() {
        case "inf", "infinity": return digits.hasPrefix("-") ? -.infinity : .infinity
        case "nan": return .nan
        default:
            // Swift also reads hexadecimal floats and names.
            guard unsigned.allSatisfy({ $0.isWholeNumber || ".eE+-".contains($0) }) else { return nil }
            if unsigned.hasPrefix(".") { return Double((digits.hasPrefix("-") ? "-0" : "0") + unsigned) }
            return Double(digits) ?? (digits.hasSuffix(".") && unsigned.count > 1 ? Double(digits + "0") : nil)
        }
    }

    private static func pow10(_ exponent: Int) -> Double {
        Double("1e\(min(max(exponent, -400), 400))") ?? .infinity
    }

    /// Python's `round`: half to even, of the exact value.
    private static func round(_ number: Number, _ precision: Int) throws(JinjaError) -> Value {
        switch number {
        case .integer(let integer):
            guard precision < 0 else { return .integer(integer) }
            guard precision > -19, let scale = Int("1" + String(repeating: "0", count: -precision)) else {
                return .integer(0)
            }
            let remainder = Arithmetic.modulo(integer, scale)
            let (down, overflow) = integer.subtractingReportingOverflow(remainder)
            guard !overflow else { throw Arithmetic.overflow }
            let isUp = remainder > scale / 2 || (remainder == scale / 2 && !(down / scale).isMultiple(of: 2))
            let (up, upOverflow) = down.addingReportingOverflow(scale)
            guard !isUp || !upOverflow else { throw Arithmetic.overflow }
            return .integer(isUp ? up : down)
        case .float(let double):
            guard double.isFinite, precision <= 323 else { return .float(double) }
            if precision >= 0 {
                return .float(Double(FormatSpecification.print(double, precision, "f", false)) ?? double)
            }
            let scale = pow10(-precision)
            return .float((double / scale).rounded(.toNearestOrEven) * scale)
        }
    }
}
