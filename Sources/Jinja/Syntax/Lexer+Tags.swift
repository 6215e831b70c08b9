/// Tokens between `{{` and `}}` or `{%` and `%}`.
extension Lexer {
    /// Reads tokens up to the end of the tag, or to the end of the source.
    mutating func readTag(isBlock: Bool) throws(JinjaError) {
        var open: [Symbol] = []
        while offset < source.count {
            if open.isEmpty, readTagEnd(isBlock: isBlock) { return }
            let start = offset
            skipWhitespace()
            if offset > start { continue }
            let place = position(at: offset)
            let kind = try readToken(place)
            if case .symbol(let symbol) = kind { try balance(symbol, &open, place) }
            tokens.append(Token(kind: kind, position: place))
        }
    }

    private mutating func readTagEnd(isBlock: Bool) -> Bool {
        let start = offset
        var sign: UInt8 = 0
        if let byte = byte(at: offset), byte == 0x2d || (byte == 0x2b && isBlock) {
            sign = byte
            offset += 1
        }
        guard byte(at: offset) == (isBlock ? 0x25 : 0x7d), byte(at: offset + 1) == 0x7d else {
            offset = start
            return false
        }
        offset += 2
        tokens.append(Token(kind: isBlock ? .blockEnd : .variableEnd, position: position(at: start)))
        // The newline after a print statement stays.
        finishTag(sign: isBlock || sign == 0x2d ? sign : 0x2b)
        return true
    }

    private func balance(_ symbol: Symbol, _ open: inout [Symbol], _ place: Position) throws(JinjaError) {
        if let closing = symbol.closing { return open.append(closing) }
        guard symbol.isClosing else { return }
        guard let expected = open.popLast() else {
            throw JinjaError(.syntax, "unexpected '\(symbol.rawValue)'", at: place)
        }
        guard expected == symbol else {
            throw JinjaError(.syntax, "unexpected '\(symbol.rawValue)', expected '\(expected.rawValue)'", at: place)
        }
    }

    private mutating func readToken(_ place: Position) throws(JinjaError) -> Token.Kind {
        let first = source[offset]
        if first >= 0x30, first <= 0x39 { return try readNumber(place) }
        if first == 0x27 || first == 0x22 { return try readString(quote: first, place) }
        if let name = try readName(place) { return .name(name) }
        for symbol in Symbol.allCases where source[offset...].starts(with: symbol.rawValue.utf8) {
            offset += symbol.rawValue.utf8.count
            return .symbol(symbol)
        }
        throw unexpectedCharacter(place)
    }

    private func unexpectedCharacter(_ place: Position) -> JinjaError {
        let text = Text(bytes: source[offset..<offset + scalar(at: offset).width], trusted: true)
        let index = Text(bytes: source[..<offset], trusted: true).scalarCount
        return JinjaError(.syntax, "unexpected char \(text.pythonRepresentation) at \(index)", at: place)
    }

    private mutating func readName(_ place: Position) throws(JinjaError) -> String? {
        let start = offset
        var isIdentifier = true
        while offset < source.count {
            let (scalar, width) = scalar(at: offset)
            guard scalar.isPythonWord else { break }
            let properties = scalar.properties
            let fits = offset == start ? properties.isXIDStart || scalar == "_" : properties.isXIDContinue
            if !fits { isIdentifier = false }
            offset += width
        }
        if offset == start { return nil }
        if !isIdentifier { throw JinjaError(.syntax, "Invalid character in identifier", at: place) }
        return String(decoding: source[start..<offset], as: UTF8.self)
    }

    // MARK: Numbers

    private mutating func readNumber(_ place: Position) throws(JinjaError) -> Token.Kind {
        if let end = endOfFloat(), offset == 0 || source[offset - 1] != 0x2e {
            let text = String(decoding: source[offset..<end].filter { $0 != 0x5f }, as: UTF8.self)
            offset = end
            guard let value = Double(text) else {
                throw JinjaError(.syntax, "the number \(text) is no float", at: place)
            }
            return .float(value)
        }
        let (digits, radix, end) = integerDigits()
        offset = end
        guard let value = Int(digits.isEmpty ? "0" : digits, radix: radix) else {
            throw JinjaError(.syntax, "the integer \(digits) does not fit 64 bits", at: place)
        }
        return .integer(value)
    }

    /// The end of a float that starts here: digits, then a fraction, an exponent or both.
    private func endOfFloat() -> Int? {
        let whole = endOfDigits(offset)
        var end = whole
        if byte(at: end) == 0x2e, endOfDigits(end + 1) > end + 1 { end = endOfDigits(end + 1) }
        if let mark = byte(at: end), mark | 0x20 == 0x65 {
            let sign = byte(at: end + 1)
            let digits = end + (sign == 0x2b || sign == 0x2d ? 2 : 1)
            let exponentEnd = endOfDigits(digits)
            if exponentEnd > digits { return exponentEnd }
        }
        return end > whole ? end : nil
    }

    /// The end of digits with single underscores between them.
    private func endOfDigits(_ start: Int, _ isDigit: (UInt8) -> Bool = { $0 >= 0x30 && $0 <= 0x39 }) -> Int {
        var end = start
        while let byte = byte(at: end) {
            if isDigit(byte) {
                end += 1
            } else if byte == 0x5f, end > start, let next = self.byte(at: end + 1), isDigit(next) {
                end += 2
            } else {
                break
            }
        }
        return end
    }

    private func integerDigits() -> (digits: String, radix: Int, end: Int) {
        func text(_ start: Int, _ end: Int) -> String {
            String(decoding: source[start..<end].filter { $0 != 0x5f }, as: UTF8.self)
        }
        guard source[offset] == 0x30 else {
            let end = endOfDigits(offset)
            return (text(offset, end), 10, end)
        }
        for (mark, radix) in [(UInt8(ascii: "b"), 2), (UInt8(ascii: "o"), 8), (UInt8(ascii: "x"), 16)] {
            guard let next = byte(at: offset + 1), next | 0x20 == mark else { continue }
            let start = offset + (byte(at: offset + 2) == 0x5f ? 3 : 2)
            let end = endOfDigits(start) { Character(Unicode.Scalar($0)).hexDigitValue.map { $0 < radix } ?? false }
            if end > start { return (text(start, end), radix, end) }
        }
        let end = endOfDigits(offset) { $0 == 0x30 }
        return ("0", 10, end)
    }
}
