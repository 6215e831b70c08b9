/// Cuts a template into tokens, with the white-space rules of Jinja's `trim_blocks` and `lstrip_blocks`.
///
/// The newline after a block tag or comment goes, and so does the white space from the start of a line to a block tag or
/// comment; `-` beside a tag takes all white space on that side, `+` keeps it.
struct Lexer {
    /// The source with `\n` for every line break and without the last line break.
    let source: [UInt8]
    var offset = 0
    var tokens: [Token] = []
    /// Whether what was read last ended a line.
    private var startsLine = true
    private var place = Position(line: 1, column: 1)
    private var placeOffset = 0

    init(_ text: String) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        var followsReturn = false
        for byte in text.utf8 {
            defer { followsReturn = byte == 0x0d }
            if byte == 0x0a, followsReturn { continue }
            bytes.append(byte == 0x0d ? 0x0a : byte)
        }
        if bytes.last == 0x0a { bytes.removeLast() }
        source = bytes
    }

    mutating func tokenize() throws(JinjaError) -> [Token] {
        while offset < source.count { try readUpToTag() }
        tokens.append(Token(kind: .end, position: position(at: offset)))
        return tokens
    }

    /// Reads text up to the next tag, and the tag.
    private mutating func readUpToTag() throws(JinjaError) {
        let start = offset
        guard let tag = nextTag(from: start) else {
            emitData(start..<source.count)
            offset = source.count
            return
        }
        let sign = byte(at: tag + 2).flatMap { $0 == 0x2d || $0 == 0x2b ? $0 : nil }
        let isVariable = source[tag + 1] == 0x7b
        emitData(start..<strippedEnd(start..<tag, sign: sign, stripsLine: !isVariable))
        let bodyStart = tag + 2 + (sign == nil ? 0 : 1)
        switch source[tag + 1] {
        case 0x23: try skipComment(from: bodyStart)
        case 0x7b:
            tokens.append(Token(kind: .variableBegin, position: position(at: tag)))
            offset = bodyStart
            try readTag(isBlock: false)
            startsLine = endsLine()
        default:
            if let rawStart = rawBodyStart(bodyStart) {
                try readRaw(from: rawStart)
                return
            }
            tokens.append(Token(kind: .blockBegin, position: position(at: tag)))
            offset = bodyStart
            try readTag(isBlock: true)
            startsLine = endsLine()
        }
    }

    /// The offset of the next `{%`, `{{` or `{#`.
    private func nextTag(from start: Int) -> Int? {
        var index = start
        while index + 1 < source.count {
            if source[index] == 0x7b {
                let next = source[index + 1]
                if next == 0x25 || next == 0x7b || next == 0x23 { return index }
            }
            index += 1
        }
        return nil
    }

    /// Where text before a tag ends once its white space is stripped.
    private func strippedEnd(_ range: Range<Int>, sign: UInt8?, stripsLine: Bool) -> Int {
        if sign == 0x2d { return range.lowerBound + trimmedLength(source[range]) }
        guard sign == nil, stripsLine, !range.isEmpty else { return range.upperBound }
        let lineStart = source[range].lastIndex(of: 0x0a).map { $0 + 1 }
        guard let from = lineStart ?? (startsLine ? range.lowerBound : nil) else { return range.upperBound }
        return trimmedLength(source[from..<range.upperBound]) == 0 ? from : range.upperBound
    }

    /// Bytes that remain when white space is stripped from the right.
    private func trimmedLength(_ slice: ArraySlice<UInt8>) -> Int {
        let text = Text(bytes: slice, trusted: true)
        return text.stripped(left: false).count
    }

    private mutating func emitData(_ range: Range<Int>) {
        if range.isEmpty { return }
        tokens.append(Token(kind: .data(Array(source[range])), position: position(at: range.lowerBound)))
    }

    private mutating func skipComment(from start: Int) throws(JinjaError) {
        guard let end = firstIndex(of: [0x23, 0x7d], from: start) else {
            throw JinjaError(.syntax, "Missing end of comment tag", at: position(at: start))
        }
        let sign = end > start ? source[end - 1] : 0
        offset = end + 2
        finishTag(sign: sign)
        startsLine = endsLine()
    }

    /// White space after a tag that ends at `offset`.
    mutating func finishTag(sign: UInt8) {
        if sign == 0x2d {
            skipWhitespace()
        } else if sign != 0x2b, byte(at: offset) == 0x0a {
            offset += 1
        }
    }

    mutating func skipWhitespace() {
        while let width = whitespaceWidth(at: offset) { offset += width }
    }

    /// The bytes of the white space at an offset; nil when there is none.
    private func whitespaceWidth(at index: Int) -> Int? {
        guard let first = byte(at: index) else { return nil }
        if first < 0x80 { return Unicode.Scalar(first).isPythonSpace ? 1 : nil }
        let (scalar, width) = scalar(at: index)
        return scalar.isPythonSpace ? width : nil
    }

    func scalar(at index: Int) -> (scalar: Unicode.Scalar, width: Int) {
        if source[index] < 0x80 { return (Unicode.Scalar(source[index]), 1) }
        return Text(bytes: source[index..<min(index + 4, source.count)], trusted: true).scalar(at: 0)
    }

    private func endsLine() -> Bool { offset > 0 && source[offset - 1] == 0x0a }

    func byte(at index: Int) -> UInt8? { index < source.count ? source[index] : nil }

    func firstIndex(of pattern: [UInt8], from start: Int) -> Int? {
        var index = start
        while index + pattern.count <= source.count {
            if source[index..<index + pattern.count].elementsEqual(pattern) { return index }
            index += 1
        }
        return nil
    }

    /// The place of an offset. Offsets asked for mostly rise, so that finding them all takes linear time.
    mutating func position(at target: Int) -> Position {
        if target < placeOffset {
            place = Position(line: 1, column: 1)
            placeOffset = 0
        }
        while placeOffset < target {
            let byte = source[placeOffset]
            if byte == 0x0a {
                place = Position(line: place.line + 1, column: 1)
            } else if byte & 0xc0 != 0x80 {
                place.column += 1
            }
            placeOffset += 1
        }
        return place
    }
}

extension Lexer {
    /// Where the body of a `{% raw %}` starts, if the block tag whose inside starts at an offset is one.
    fileprivate mutating func rawBodyStart(_ start: Int) -> Int? {
        let saved = offset
        defer { offset = saved }
        offset = start
        skipWhitespace()
        guard takes("raw") else { return nil }
        skipWhitespace()
        if takes("-%}") {
            skipWhitespace()
            return offset
        }
        return takes("%}") ? offset : nil
    }

    /// Reads up to and with `{% endraw %}`.
    fileprivate mutating func readRaw(from start: Int) throws(JinjaError) {
        startsLine = start > 0 && source[start - 1] == 0x0a
        var search = start
        while let tag = firstIndex(of: [0x7b, 0x25], from: search) {
            search = tag + 1
            let sign = byte(at: tag + 2).flatMap { $0 == 0x2d || $0 == 0x2b ? $0 : nil }
            offset = tag + 2 + (sign == nil ? 0 : 1)
            skipWhitespace()
            guard takes("endraw") else { continue }
            skipWhitespace()
            let endSign = byte(at: offset) ?? 0
            if endSign == 0x2d || endSign == 0x2b { offset += 1 }
            guard takes("%}") else { continue }
            emitData(start..<strippedEnd(start..<tag, sign: sign, stripsLine: true))
            finishTag(sign: endSign)
            startsLine = endsLine()
            return
        }
        if start == source.count { return offset = start }
        throw JinjaError(.syntax, "Missing end of raw directive", at: position(at: start))
    }

    private mutating func takes(_ word: String) -> Bool {
        let end = offset + word.utf8.count
        guard end <= source.count, source[offset..<end].elementsEqual(word.utf8) else { return false }
        offset = end
        return true
    }
}
