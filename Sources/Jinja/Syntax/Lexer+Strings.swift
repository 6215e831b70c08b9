/// String literals, with the escapes of Python.
extension Lexer {
    mutating func readString(quote: UInt8, _ place: Position) throws(JinjaError) -> Token.Kind {
        var end = offset + 1
        while let byte = byte(at: end), byte != quote { end += byte == 0x5c ? 2 : 1 }
        guard end < source.count else {
            let character = quote == 0x27 ? "\"'\"" : "'\"'"
            let index = Text(bytes: source[..<offset], trusted: true).scalarCount
            throw JinjaError(
                .syntax, "unexpected char \(character) at \(index): the string is not closed", at: place)
        }
        let body = Array(source[offset + 1..<end])
        offset = end + 1
        return .string(try Self.unescape(body, place))
    }

    private static func unescape(_ body: [UInt8], _ place: Position) throws(JinjaError) -> [UInt8] {
        guard body.contains(0x5c) else { return body }
        var result: [UInt8] = []
        var index = 0
        while index < body.count {
            let byte = body[index]
            index += 1
            guard byte == 0x5c, index < body.count else {
                result.append(byte)
                continue
            }
            let escape = body[index]
            index += 1
            switch escape {
            case 0x0a: break
            case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""): result.append(escape)
            case UInt8(ascii: "a"): result.append(0x07)
            case UInt8(ascii: "b"): result.append(0x08)
            case UInt8(ascii: "f"): result.append(0x0c)
            case UInt8(ascii: "n"): result.append(0x0a)
            case UInt8(ascii: "r"): result.append(0x0d)
            case UInt8(ascii: "t"): result.append(0x09)
            case UInt8(ascii: "v"): result.append(0x0b)
            case UInt8(ascii: "0")...UInt8(ascii: "7"):
                let end = min(index + 2, body.count)
                var value = UInt32(escape - 0x30)
                while index < end, (0x30...0x37).contains(body[index]) {
                    value = value << 3 | UInt32(body[index] - 0x30)
                    index += 1
                }
                append(value, to: &result)
            case UInt8(ascii: "x"): append(try hexadecimal(2, body, &index, place), to: &result)
            case UInt8(ascii: "u"): append(try codeUnit(body, &index, place), to: &result)
            case UInt8(ascii: "U"): append(try hexadecimal(8, body, &index, place), to: &result)
            case UInt8(ascii: "N"):
                throw JinjaError(.syntax, "escapes of characters by name (\\N) are not supported", at: place)
            default: result += [0x5c, escape]
            }
        }
        return result
    }

    /// The value of `\uXXXX`, joined with the half of a surrogate pair that follows.
    private static func codeUnit(_ body: [UInt8], _ index: inout Int, _ place: Position) throws(JinjaError) -> UInt32 {
        let high = try hexadecimal(4, body, &index, place)
        guard (0xd800..<0xdc00).contains(high), index + 1 < body.count, body[index] == 0x5c, body[index + 1] == 0x75
        else { return high }
        var next = index + 2
        let low = try hexadecimal(4, body, &next, place)
        guard (0xdc00..<0xe000).contains(low) else { return high }
        index = next
        return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)
    }

    private static func hexadecimal(
        _ digits: Int, _ body: [UInt8], _ index: inout Int, _ place: Position
    ) throws(JinjaError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<digits {
            guard index < body.count, body[index] < 0x80,
                let digit = Character(Unicode.Scalar(body[index])).hexDigitValue
            else { throw JinjaError(.syntax, "an escape in a string needs \(digits) hexadecimal digits", at: place) }
            value = value << 4 | UInt32(digit)
            index += 1
        }
        return value
    }

    /// Half a surrogate pair, which UTF-8 cannot write, becomes U+FFFD.
    private static func append(_ value: UInt32, to result: inout [UInt8]) {
        result += Array(String(Character(Unicode.Scalar(value) ?? "\u{fffd}")).utf8)
    }
}
