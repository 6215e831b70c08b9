/// `str.format`. Text between the fields keeps its trust, and so do strings that are put in.
struct BraceFormat {
    private let arguments: Arguments
    private let interpreter: Interpreter
    private var nextIndex = 0

    static func apply(_ format: Text, _ arguments: Arguments, _ interpreter: Interpreter) throws(JinjaError) -> Text {
        var formatter = BraceFormat(arguments: arguments, interpreter: interpreter)
        let text = try formatter.format(format, depth: 2)
        return try interpreter.checked(format.isMarkup ? text.withMarkup(true) : text)
    }

    private init(arguments: Arguments, interpreter: Interpreter) {
        self.arguments = arguments
        self.interpreter = interpreter
    }

    private mutating func format(_ text: Text, depth: Int) throws(JinjaError) -> Text {
        guard depth > 0 else { throw JinjaError(.value, "Max string recursion exceeded") }
        let builder = TextBuilder()
        var offset = 0
        var start = 0
        while offset < text.count {
            let byte = text.byte(at: offset)
            guard byte == 0x7b || byte == 0x7d else {
                offset += 1
                continue
            }
            builder.append(text.slice(start..<offset))
            if offset + 1 < text.count, text.byte(at: offset + 1) == byte {
                builder.append(text.slice(offset..<offset + 1))
                offset += 2
            } else if byte == 0x7d {
                throw JinjaError(.value, "Single '}' encountered in format string")
            } else {
                let end = try Self.endOfField(text, offset + 1)
                builder.append(try field(text.slice(offset + 1..<end), depth: depth))
                offset = end + 1
            }
            start = offset
            try interpreter.check(bytes: builder.count)
        }
        builder.append(text.slice(start..<text.count))
        return builder.text()
    }

    /// The offset of the brace that closes a field.
    private static func endOfField(_ text: Text, _ start: Int) throws(JinjaError) -> Int {
        if start >= text.count { throw JinjaError(.value, "Single '{' encountered in format string") }
        var depth = 1
        for offset in start..<text.count {
            switch text.byte(at: offset) {
            case 0x7b: depth += 1
            case 0x7d: depth -= 1
            default: break
            }
            if depth == 0 { return offset }
        }
        throw JinjaError(.value, "expected '}' before end of string")
    }

    /// One field: `name!conversion:specification`.
    private mutating func field(_ field: Text, depth: Int) throws(JinjaError) -> Text {
        var nameEnd = 0
        var inBrackets = false
        while nameEnd < field.count {
            let byte = field.byte(at: nameEnd)
            if byte == 0x5b { inBrackets = true }
            if byte == 0x5d { inBrackets = false }
            if !inBrackets, byte == 0x21 || byte == 0x3a { break }
            nameEnd += 1
        }
        var value = try lookUp(field.slice(0..<nameEnd))
        var rest = field.slice(nameEnd..<field.count)
        if rest.hasPrefix(Text("!")) {
            guard rest.count > 1 else {
                throw JinjaError(.value, "end of string while looking for conversion specifier")
            }
            switch rest.byte(at: 1) {
            case UInt8(ascii: "r"), UInt8(ascii: "a"): value = .text(value.represented())
            case UInt8(ascii: "s"): value = .text(value.printed())
            default:
                throw JinjaError(
                    .value,
                    "Unknown conversion specifier \(String(decoding: rest.bytes.dropFirst().prefix(1), as: UTF8.self))"
                )
            }
            rest = rest.slice(2..<rest.count)
            guard rest.isEmpty || rest.hasPrefix(Text(":")) else {
                throw JinjaError(.value, "expected ':' after conversion specifier")
            }
        }
        let trusted = field.isTrusted
        guard !rest.isEmpty else { return try Self.format(value, Text(""), trusted, interpreter) }
        let specification = try format(rest.slice(1..<rest.count), depth: depth - 1)
        return try Self.format(value, specification, trusted && specification.isTrusted, interpreter)
    }

    private mutating func lookUp(_ name: Text) throws(JinjaError) -> Value {
        let bytes = Array(name.bytes)
        var end = bytes.firstIndex { $0 == 0x2e || $0 == 0x5b } ?? bytes.count
        var value = try argument(name.slice(0..<end).string)
        while end < bytes.count {
            let start = end + 1
            if bytes[end] == 0x2e {
                end = bytes[start...].firstIndex { $0 == 0x2e || $0 == 0x5b } ?? bytes.count
                guard end > start else { throw JinjaError(.value, "Empty attribute in format string") }
                value = try interpreter.attribute(named: name.slice(start..<end), of: value)
            } else {
                guard bytes[end] == 0x5b, let close = bytes[start...].firstIndex(of: 0x5d), close > start else {
                    throw JinjaError(.value, "Missing ']' in format string")
                }
                let key = name.slice(start..<close)
                value = try interpreter.item(Int(key.string).map { .integer($0) } ?? .text(key), of: value)
                end = close + 1
            }
        }
        return value
    }

    private mutating func argument(_ name: String) throws(JinjaError) -> Value {
        if let index = name.isEmpty ? nextIndex : Int(name) {
            if name.isEmpty { nextIndex += 1 }
            guard arguments.positional.indices.contains(index) else {
                throw JinjaError(.value, "Replacement index \(index) out of range for positional args tuple")
            }
            return arguments.positional[index]
        }
        guard let keyword = arguments.keywords.first(where: { $0.name == name }) else {
            throw JinjaError(.value, "'\(name)'")
        }
        return keyword.value
    }

    // MARK: Values

    /// `format(value, specification)`.
    static func format(
        _ value: Value, _ specification: Text, _ trusted: Bool, _ interpreter: Interpreter
    ) throws(JinjaError) -> Text {
        if specification.isEmpty { return value.printed() }
        let parsed = try FormatSpecification(parsing: specification)
        if case .text(let text) = value {
            guard parsed.type == nil || parsed.type == "s" else { throw parsed.unknown("str") }
            if parsed.alignment == "=" {
                throw JinjaError(.value, "'=' alignment not allowed in string format specifier")
            }
            let cut = parsed.precision.map { text.slice(scalars: 0..<min($0, text.scalarCount)) } ?? text
            return try parsed.pad(cut, defaultAlignment: "<", trusted: trusted, interpreter)
        }
        guard let number = value.number else {
            throw JinjaError(.value, "unsupported format string passed to \(value.typeName).__format__")
        }
        let (prefix, digits) = try parsed.format(number, typeName: value.typeName)
        return try parsed.pad(
            prefix: prefix, Text(digits, trusted: trusted), defaultAlignment: ">", trusted: trusted, interpreter)
    }
}

extension Text {
    func byte(at offset: Int) -> UInt8 { storage.bytes[lower + offset] }
}
