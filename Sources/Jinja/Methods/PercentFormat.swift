import OrderedCollections

/// `format % values`, as C's `printf`. Text between the conversions keeps its trust, and so do strings that are put in.
struct PercentFormat {
    private let format: Text
    private let values: Value
    private let interpreter: Interpreter
    private let builder = TextBuilder()
    private var offset = 0
    private var used = 0

    static func apply(_ format: Text, _ values: Value, _ interpreter: Interpreter) throws(JinjaError) -> Text {
        var formatter = PercentFormat(format, values, interpreter)
        let text = try formatter.run()
        return try interpreter.checked(format.isMarkup ? text.withMarkup(true) : text)
    }

    private init(_ format: Text, _ values: Value, _ interpreter: Interpreter) {
        self.format = format
        self.values = values
        self.interpreter = interpreter
    }

    private mutating func run() throws(JinjaError) -> Text {
        var start = 0
        while offset < format.count {
            guard format.byte(at: offset) == UInt8(ascii: "%") else {
                offset += 1
                continue
            }
            builder.append(format.slice(start..<offset))
            offset += 1
            try convert()
            start = offset
            try interpreter.check(bytes: builder.count)
        }
        builder.append(format.slice(start..<format.count))
        try checkAllUsed()
        return builder.text()
    }

    private func checkAllUsed() throws(JinjaError) {
        switch values {
        case .tuple(let tuple): if used >= tuple.elements.count { return }
        case .dictionary, .list: return
        default: if used > 0 { return }
        }
        throw JinjaError(.value, "not all arguments converted during string formatting")
    }

    private mutating func next() throws(JinjaError) -> UInt8 {
        guard offset < format.count else { throw JinjaError(.value, "incomplete format") }
        defer { offset += 1 }
        return format.byte(at: offset)
    }

    private mutating func argument() throws(JinjaError) -> Value {
        defer { used += 1 }
        if case .tuple(let tuple) = values {
            guard used < tuple.elements.count else { throw notEnough }
            return tuple.elements[used]
        }
        guard used == 0 else { throw notEnough }
        return values
    }

    private var notEnough: JinjaError { JinjaError(.value, "not enough arguments for format string") }

    /// One conversion, after its percent sign.
    private mutating func convert() throws(JinjaError) {
        let place = offset - 1
        var byte = try next()
        var mapped: Value?
        if byte == UInt8(ascii: "(") {
            mapped = try mappedValue()
            byte = try next()
        }
        var specification = FormatSpecification()
        specification.alignment = ">"
        while let flag = Flag(rawValue: byte) {
            flag.apply(to: &specification)
            byte = try next()
        }
        specification.width = try number(&byte) { specification.alignment = "<" }
        if byte == UInt8(ascii: ".") {
            byte = try next()
            specification.precision = max(try number(&byte) {}, 0)
        }
        while byte == UInt8(ascii: "h") || byte == UInt8(ascii: "l") || byte == UInt8(ascii: "L") { byte = try next() }
        if byte == UInt8(ascii: "%") {
            builder.append("%", trusted: format.storage.isTrusted(at: format.lower + place))
            return
        }
        let value: Value
        if let mapped { value = mapped } else { value = try argument() }
        try append(value, byte, &specification, trusted: format.storage.isTrusted(at: format.lower + place))
    }

    private enum Flag: UInt8 {
        case minus = 0x2d
        case plus = 0x2b
        case space = 0x20
        case zero = 0x30
        case alternate = 0x23

        func apply(to specification: inout FormatSpecification) {
            switch self {
            case .minus: specification.alignment = "<"
            case .plus: specification.sign = "+"
            case .space: if specification.sign != "+" { specification.sign = " " }
            case .zero: specification.fill = "0"
            case .alternate: specification.isAlternate = true
            }
        }
    }

    private mutating func mappedValue() throws(JinjaError) -> Value {
        guard case .dictionary(let dictionary) = values else { throw JinjaError(.value, "format requires a mapping") }
        let start = offset
        var depth = 1
        while depth > 0 {
            let byte = try next()
            if byte == UInt8(ascii: "(") { depth += 1 }
            if byte == UInt8(ascii: ")") { depth -= 1 }
        }
        let key = format.slice(start..<offset - 1)
        guard let value = dictionary.entries[Key(key)] else {
            throw JinjaError(.value, key.pythonRepresentation)
        }
        return value
    }

    /// A width or precision: digits, or a star for an argument.
    private mutating func number(_ byte: inout UInt8, negative: () -> Void) throws(JinjaError) -> Int {
        var number = 0
        if byte == UInt8(ascii: "*") {
            guard let given = try argument().integer else { throw JinjaError(.value, "* wants int") }
            if given < 0 { negative() }
            number = Int(min(given.magnitude, UInt(1 << 31)))
            byte = try next()
        } else {
            while byte >= 0x30, byte <= 0x39 {
                number = min(number * 10 + Int(byte - 0x30), 1 << 31)
                byte = try next()
            }
        }
        try interpreter.check(bytes: number)
        return number
    }

    private func append(
        _ value: Value, _ type: UInt8, _ specification: inout FormatSpecification, trusted: Bool
    ) throws(JinjaError) {
        let character = Unicode.Scalar(type)
        switch character {
        case "s", "r", "a":
            var text = character == "s" ? value.printed() : value.represented()
            if let precision = specification.precision {
                text = text.slice(scalars: 0..<min(precision, text.scalarCount))
            }
            specification.fill = " "
            builder.append(
                try specification.pad(text, defaultAlignment: ">", trusted: trusted, interpreter))
        case "c":
            if case .text(let text) = value, text.scalarCount == 1 {
                builder.append(try specification.pad(text, defaultAlignment: ">", trusted: trusted, interpreter))
            } else {
                guard value.integer != nil else { throw JinjaError(.value, "%c requires int or char") }
                try append(value, "c", specification, trusted: trusted)
            }
        case "d", "i", "u", "x", "X", "o", "e", "E", "f", "F", "g", "G":
            try append(value, character, specification, trusted: trusted)
        default:
            throw JinjaError(
                .value,
                "unsupported format character '\(Character(character))' (0x\(String(type, radix: 16))) at index"
                    + " \(format.scalarIndex(ofOffset: offset - 1))")
        }
    }

    private func append(
        _ value: Value, _ type: Unicode.Scalar, _ specification: FormatSpecification, trusted: Bool
    ) throws(JinjaError) {
        guard var number = value.number else {
            if case .undefined(let undefined) = value { throw undefined.error }
            let isDecimal = type == "d" || type == "i" || type == "u"
            throw JinjaError(
                .value,
                isDecimal
                    ? "%\(Character(type)) format: a real number is required, not \(value.typeName)"
                    : "must be real number, not \(value.typeName)")
        }
        var specification = specification
        specification.type = type == "i" || type == "u" ? "d" : type
        if "diuxXoc".unicodeScalars.contains(type) {
            if case .float(let float) = number {
                guard let whole = Int(exactly: float.rounded(.towardZero)) else { throw Arithmetic.overflow }
                number = .integer(whole)
            }
        }
        let minimum = "diuxXo".unicodeScalars.contains(type) ? specification.precision : nil
        if minimum != nil { specification.precision = nil }
        let (prefix, plain) = try specification.format(number, typeName: value.typeName)
        var digits = plain
        if let minimum, digits.count < minimum {
            try interpreter.check(bytes: minimum)
            digits = String(repeating: "0", count: minimum - digits.count) + digits
        }
        if specification.fill == "0" {
            if specification.alignment == ">" { specification.alignment = "=" } else { specification.fill = " " }
        }
        builder.append(
            try specification.pad(
                prefix: prefix, Text(digits, trusted: trusted), defaultAlignment: ">", trusted: trusted, interpreter))
    }
}
