/// Cutting strings. The parts share the storage of the whole.
extension TextMethods {
    static let splitting: [String: Method] = [
        "split": { interpreter, text, arguments throws(JinjaError) in
            let (separator, limit) = try splitArguments("split", arguments)
            let parts = try separator.map { separator throws(JinjaError) in try split(text, separator, limit) }
            return .list(try interpreter.makeList((parts ?? splitWords(text, limit)).map { .text($0) }))
        },
        "rsplit": { interpreter, text, arguments throws(JinjaError) in
            let (separator, limit) = try splitArguments("rsplit", arguments)
            let parts = try separator.map { separator throws(JinjaError) in try splitFromRight(text, separator, limit) }
            return .list(try interpreter.makeList((parts ?? splitWordsFromRight(text, limit)).map { .text($0) }))
        },
        "splitlines": { interpreter, text, arguments throws(JinjaError) in
            let keepsEnds = try arguments.bound(to: "splitlines", ["keepends"])[0]?.isTrue ?? false
            return .list(try interpreter.makeList(text.lines(keepingEnds: keepsEnds).map { .text($0) }))
        },
        "partition": { _, text, arguments throws(JinjaError) in
            let separator = try separator("partition", arguments)
            guard let offset = text.firstOffset(of: separator) else {
                return triple(text, Text(""), Text(""))
            }
            return triple(around: offset, separator, text)
        },
        "rpartition": { _, text, arguments throws(JinjaError) in
            let separator = try separator("rpartition", arguments)
            guard let offset = text.lastOffset(of: separator) else {
                return triple(Text(""), Text(""), text)
            }
            return triple(around: offset, separator, text)
        },
    ]

    private static func splitArguments(
        _ function: String, _ arguments: Arguments
    ) throws(JinjaError) -> (separator: Text?, limit: Int) {
        let values = try arguments.bound(to: function, ["sep", "maxsplit"])
        let limit = try values[1]?.requireInteger() ?? -1
        let count = limit < 0 ? Int.max : limit
        guard let separator = values[0] else { return (nil, count) }
        if case .none = separator { return (nil, count) }
        let text = try separator.requireText(function)
        if text.isEmpty { throw JinjaError(.value, "empty separator") }
        return (text, count)
    }

    static func split(_ text: Text, _ separator: Text, _ limit: Int) throws(JinjaError) -> [Text] {
        var parts: [Text] = []
        var start = 0
        for offset in text.offsets(of: separator, limit: limit) {
            parts.append(text.slice(start..<offset))
            start = offset + separator.count
        }
        parts.append(text.slice(start..<text.count))
        return parts
    }

    static func splitFromRight(_ text: Text, _ separator: Text, _ limit: Int) throws(JinjaError) -> [Text] {
        var parts: [Text] = []
        var end = text.count
        while parts.count < limit, let offset = text.lastOffset(of: separator, before: end) {
            parts.append(text.slice(offset + separator.count..<end))
            end = offset
        }
        parts.append(text.slice(0..<end))
        return parts.reversed()
    }

    /// Words between white space, none of them empty. What remains after the last cut keeps its end.
    private static func splitWords(_ text: Text, _ limit: Int) -> [Text] {
        var parts: [Text] = []
        var rest = text.stripped(right: false)
        while !rest.isEmpty {
            if parts.count == limit {
                parts.append(rest)
                break
            }
            var end = rest.count
            rest.forEachScalar { scalar, offset in
                if scalar.isPythonSpace { end = offset }
                return !scalar.isPythonSpace
            }
            parts.append(rest.slice(0..<end))
            rest = rest.slice(end..<rest.count).stripped(right: false)
        }
        return parts
    }

    private static func splitWordsFromRight(_ text: Text, _ limit: Int) -> [Text] {
        let words = splitWords(text, .max)
        guard words.count > limit else { return words }
        let kept = words.suffix(limit)
        let end = kept.first.map { $0.lower - text.lower } ?? text.count
        return [text.slice(0..<end).stripped(left: false)] + kept
    }

    private static func separator(_ function: String, _ arguments: Arguments) throws(JinjaError) -> Text {
        let value = try arguments.bound(to: function, ["sep"], required: 1)[0] ?? .none
        let text = try value.requireText(function)
        if text.isEmpty { throw JinjaError(.value, "empty separator") }
        return text
    }

    private static func triple(_ first: Text, _ second: Text, _ third: Text) -> Value {
        .tuple(ListValue(unchecked: [.text(first), .text(second), .text(third)]))
    }

    private static func triple(around offset: Int, _ separator: Text, _ text: Text) -> Value {
        let end = offset + separator.count
        return triple(text.slice(0..<offset), text.slice(offset..<end), text.slice(end..<text.count))
    }
}

extension Text {
    /// The lines, without an empty one after the last break.
    func lines(keepingEnds: Bool = false) -> [Text] {
        var lines: [Text] = []
        var start = 0
        var offset = 0
        while offset < count {
            let (scalar, width) = scalar(at: offset)
            var end = offset + width
            if scalar.isLineBreak {
                if scalar == "\r", end < count, storage.bytes[lower + end] == 0x0a { end += 1 }
                lines.append(slice(start..<(keepingEnds ? end : offset)))
                start = end
            }
            offset = end
        }
        if start < count { lines.append(slice(start..<count)) }
        return lines
    }
}
