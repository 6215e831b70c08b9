import OrderedCollections

/// Recursive-descent parser over the bytes of one document. Each byte is looked at a bounded number of times.
struct JSONParser {
    let bytes: [UInt8]
    let limits: JSONLimits
    var position = 0

    init(bytes: [UInt8], limits: JSONLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    /// The next byte; nil at the end.
    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func parseDocument() throws(JSONError) -> JSON {
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { throw JSONError(.byteOrderMark, offset: 0) }
        skipWhitespace()
        if next == nil { throw JSONError(.empty, offset: position) }
        let value = try parseValue(depth: 0)
        skipWhitespace()
        if let byte = next { throw JSONError(.trailingContent(byte), offset: position) }
        return value
    }

    private mutating func parseValue(depth: Int) throws(JSONError) -> JSON {
        switch next {
        case UInt8(ascii: "{"): return try parseObject(depth: depth + 1)
        case UInt8(ascii: "["): return try parseArray(depth: depth + 1)
        case UInt8(ascii: "\""): return .string(try parseString())
        case .some(UInt8(ascii: "0")...UInt8(ascii: "9")), UInt8(ascii: "-"): return try parseNumber()
        case UInt8(ascii: "t"): return try parseWord("true", .bool(true))
        case UInt8(ascii: "f"): return try parseWord("false", .bool(false))
        case UInt8(ascii: "n"): return try parseWord("null", .null)
        default: throw unexpected("a value")
        }
    }

    private mutating func parseArray(depth: Int) throws(JSONError) -> JSON {
        try open(depth: depth)
        var elements: [JSON] = []
        if close(UInt8(ascii: "]")) { return .array(elements) }
        while true {
            skipWhitespace()
            do {
                elements.append(try parseValue(depth: depth))
            } catch {
                throw error.inside("[\(elements.count)]")
            }
            if close(UInt8(ascii: "]")) { return .array(elements) }
            try expect(UInt8(ascii: ","), "',' or ']'")
        }
    }

    private mutating func parseObject(depth: Int) throws(JSONError) -> JSON {
        try open(depth: depth)
        var members: OrderedDictionary<String, JSON> = [:]
        if close(UInt8(ascii: "}")) { return .object(members) }
        while true {
            skipWhitespace()
            guard next == UInt8(ascii: "\"") else { throw unexpected("a key in quotes") }
            let key = try parseString()
            skipWhitespace()
            try expect(UInt8(ascii: ":"), "':'")
            skipWhitespace()
            do {
                members[key] = try parseValue(depth: depth)
            } catch {
                throw error.inside(key)
            }
            if close(UInt8(ascii: "}")) { return .object(members) }
            try expect(UInt8(ascii: ","), "',' or '}'")
        }
    }

    /// Steps over the opening bracket.
    private mutating func open(depth: Int) throws(JSONError) {
        if depth > limits.depth { throw JSONError(.tooDeep(limit: limits.depth), offset: position) }
        position += 1
    }

    /// Steps over white space and, where it follows, the closing bracket.
    private mutating func close(_ bracket: UInt8) -> Bool {
        skipWhitespace()
        guard next == bracket else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ byte: UInt8, _ expected: String) throws(JSONError) {
        guard next == byte else { throw unexpected(expected) }
        position += 1
    }

    private mutating func parseWord(_ word: StaticString, _ value: JSON) throws(JSONError) -> JSON {
        for offset in 0..<word.utf8CodeUnitCount {
            let wanted = word.withUTF8Buffer { $0[offset] }
            guard next == wanted else { throw unexpected("the word \(word)") }
            position += 1
        }
        return value
    }

    private mutating func skipWhitespace() {
        while let byte = next, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { position += 1 }
    }

    func unexpected(_ expected: String) -> JSONError {
        guard let byte = next else { return JSONError(.unexpectedEnd(expected: expected), offset: position) }
        return JSONError(.unexpectedByte(byte, expected: expected), offset: position)
    }
}
