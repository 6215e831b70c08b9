extension JSONParser {
    /// Parses a string; `position` is at the opening quote.
    mutating func parseString() throws(JSONError) -> String {
        let start = position + 1
        position = start
        skipPlainCharacters()
        if next == UInt8(ascii: "\"") {
            let text = try validated(bytes[start..<position], offset: start)
            position += 1
            return text
        }
        return try parseEscapedString(start: start)
    }

    /// The rest of a string that has escapes; `position` is where the plain characters end.
    private mutating func parseEscapedString(start: Int) throws(JSONError) -> String {
        var text = ""
        var runStart = start
        while true {
            guard let byte = next else { throw unexpected("the closing quote of a string") }
            text += try validated(bytes[runStart..<position], offset: runStart)
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return text
            case UInt8(ascii: "\\"):
                text.unicodeScalars.append(try parseEscape())
            default:
                throw JSONError(.controlCharacter(byte), offset: position)
            }
            runStart = position
            skipPlainCharacters()
        }
    }

    /// Steps over everything but quotes, backslashes and control characters.
    private mutating func skipPlainCharacters() {
        while let byte = next, byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { position += 1 }
    }

    private mutating func parseEscape() throws(JSONError) -> Unicode.Scalar {
        let start = position
        position += 1
        guard let byte = next else { throw unexpected("an escape") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try parseUnicodeEscape(start: start)
        default: throw JSONError(.invalidEscape, offset: start)
        }
    }

    /// The scalar of `\uXXXX` or of a surrogate pair; `position` is after the `u`. Half a pair gives U+FFFD and leaves
    /// what follows it alone.
    private mutating func parseUnicodeEscape(start: Int) throws(JSONError) -> Unicode.Scalar {
        guard let unit = hexDigits(at: position) else { throw JSONError(.invalidEscape, offset: start) }
        position += 4
        if let scalar = Unicode.Scalar(unit) { return scalar }
        guard unit < 0xdc00, next == UInt8(ascii: "\\"), position + 1 < bytes.count,
            bytes[position + 1] == UInt8(ascii: "u"), let low = hexDigits(at: position + 2),
            (0xdc00...0xdfff).contains(low)
        else { return "\u{fffd}" }
        position += 6
        return Unicode.Scalar(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00)) ?? "\u{fffd}"
    }

    private func hexDigits(at index: Int) -> UInt32? {
        guard index + 4 <= bytes.count else { return nil }
        var value: UInt32 = 0
        for byte in bytes[index..<index + 4] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else { return nil }
            value = value << 4 | UInt32(digit)
        }
        return value
    }

    private func validated(_ run: ArraySlice<UInt8>, offset: Int) throws(JSONError) -> String {
        if let text = String(validating: run, as: UTF8.self) { return text }
        throw JSONError(.invalidUTF8, offset: offset + Self.validPrefixLength(run))
    }

    /// Bytes before the first one that is not part of a whole UTF-8 character.
    private static func validPrefixLength(_ run: ArraySlice<UInt8>) -> Int {
        var decoder = UTF8()
        var iterator = run.makeIterator()
        var length = 0
        while case .scalarValue(let scalar) = decoder.decode(&iterator) { length += UTF8.width(scalar) }
        return length
    }
}
