/// Searching in strings. Places are counted in Unicode scalars.
extension TextMethods {
    static let searching: [String: Method] = [
        "startswith": { _, text, arguments throws(JinjaError) in
            .boolean(try matches("startswith", text, arguments) { $0.hasPrefix($1) })
        },
        "endswith": { _, text, arguments throws(JinjaError) in
            .boolean(try matches("endswith", text, arguments) { $0.hasSuffix($1) })
        },
        "find": { _, text, arguments throws(JinjaError) in
            .integer(try find("find", text, arguments) { $0.firstOffset(of: $1) } ?? -1)
        },
        "rfind": { _, text, arguments throws(JinjaError) in
            .integer(try find("rfind", text, arguments) { $0.lastOffset(of: $1) } ?? -1)
        },
        "index": { _, text, arguments throws(JinjaError) in
            .integer(try found(try find("index", text, arguments) { $0.firstOffset(of: $1) }))
        },
        "rindex": { _, text, arguments throws(JinjaError) in
            .integer(try found(try find("rindex", text, arguments) { $0.lastOffset(of: $1) }))
        },
        "count": { _, text, arguments throws(JinjaError) in
            let (window, _, pattern) = try window("count", text, arguments)
            guard let window else { return .integer(0) }
            return .integer(pattern.isEmpty ? window.scalarCount + 1 : window.offsets(of: pattern).count)
        },
        "replace": { interpreter, text, arguments throws(JinjaError) in
            let values = try arguments.bound(to: "replace", ["old", "new", "count"], required: 2)
            let (old, new) = (values[0] ?? .none, values[1] ?? .none)
            return .text(
                try replace(
                    text, try old.requireText("replace"), try new.requireText("replace"),
                    try values[2]?.requireInteger() ?? -1, interpreter))
        },
        "removeprefix": { _, text, arguments throws(JinjaError) in
            let prefix = try (try arguments.bound(to: "removeprefix", ["prefix"], required: 1)[0] ?? .none)
                .requireText("removeprefix")
            return .text(text.hasPrefix(prefix) ? text.slice(prefix.count..<text.count) : text)
        },
        "removesuffix": { _, text, arguments throws(JinjaError) in
            let suffix = try (try arguments.bound(to: "removesuffix", ["suffix"], required: 1)[0] ?? .none)
                .requireText("removesuffix")
            return .text(text.hasSuffix(suffix) ? text.slice(0..<text.count - suffix.count) : text)
        },
    ]

    private static func found(_ index: Int?) throws(JinjaError) -> Int {
        guard let index else { throw JinjaError(.value, "substring not found") }
        return index
    }

    /// The part of the text that the arguments `start` and `end` select, the scalars before it, and the pattern.
    private static func window(
        _ function: String, _ text: Text, _ arguments: Arguments
    ) throws(JinjaError) -> (window: Text?, start: Int, pattern: Text) {
        let values = try arguments.bound(to: function, ["sub", "start", "end"], required: 1)
        let pattern = try (values[0] ?? .none).requireText(function)
        guard values[1] != nil || values[2] != nil else { return (text, 0, pattern) }
        let count = text.scalarCount
        let start = try bound(values[1], 0, count)
        let end = min(try bound(values[2], count, count), count)
        guard start <= end else { return (nil, start, pattern) }
        return (text.slice(scalars: start..<end), start, pattern)
    }

    private static func bound(_ value: Value?, _ missing: Int, _ count: Int) throws(JinjaError) -> Int {
        guard let value else { return missing }
        if case .none = value { return missing }
        let index = try value.requireInteger()
        return index < 0 ? max(index, -count) + count : index
    }

    private static func find(
        _ function: String, _ text: Text, _ arguments: Arguments, _ search: (Text, Text) -> Int?
    ) throws(JinjaError) -> Int? {
        let (window, start, pattern) = try window(function, text, arguments)
        guard let window, let offset = search(window, pattern) else { return nil }
        return start + window.scalarIndex(ofOffset: offset)
    }

    private static func matches(
        _ function: String, _ text: Text, _ arguments: Arguments, _ matches: (Text, Text) -> Bool
    ) throws(JinjaError) -> Bool {
        guard case .tuple(let candidates)? = arguments.positional.first else {
            let (window, _, pattern) = try window(function, text, arguments)
            return window.map { matches($0, pattern) } ?? false
        }
        for candidate in candidates.elements {
            guard case .text = candidate else {
                throw JinjaError(
                    .value, "tuple for \(function) must only contain str, not \(candidate.typeName)")
            }
            var single = arguments
            single.positional[0] = candidate
            let (window, _, pattern) = try window(function, text, single)
            if let window, matches(window, pattern) { return true }
        }
        return false
    }

    /// Replaces the first `count` occurrences from the left; all of them when it is negative.
    static func replace(
        _ text: Text, _ old: Text, _ new: Text, _ count: Int, _ interpreter: Interpreter
    ) throws(JinjaError) -> Text {
        let limit = count < 0 ? Int.max : count
        let builder = TextBuilder()
        if old.isEmpty {
            try interpreter.check(bytes: text.count + (text.count + 1) * min(new.count, 1 << 32))
            var inserted = 0
            for character in text.characters {
                if inserted < limit { builder.append(new) }
                inserted += 1
                builder.append(character)
            }
            if inserted < limit { builder.append(new) }
            return try interpreter.checked(builder.text(isMarkup: text.isMarkup))
        }
        let offsets = text.offsets(of: old, limit: limit)
        if offsets.isEmpty { return text }
        try interpreter.check(bytes: text.count + offsets.count * max(min(new.count, 1 << 32) - old.count, 0))
        var start = 0
        for offset in offsets {
            builder.append(text.slice(start..<offset))
            builder.append(new)
            start = offset + old.count
        }
        builder.append(text.slice(start..<text.count))
        return try interpreter.checked(builder.text(isMarkup: text.isMarkup))
    }
}
