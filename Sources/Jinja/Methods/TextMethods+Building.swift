import OrderedCollections

/// Making strings from others.
extension TextMethods {
    static let building: [String: Method] = [
        "join": { interpreter, text, arguments throws(JinjaError) in
            let sequence = try arguments.bound(to: "join", ["iterable"], required: 1)[0] ?? .none
            var parts: [Text] = []
            let iterator = try interpreter.makeIterator(sequence)
            if !Tests.isIterable(sequence) { throw JinjaError(.value, "can only join an iterable") }
            while let element = try iterator.next() {
                guard case .text(let part) = element else {
                    throw JinjaError(
                        .value,
                        "sequence item \(parts.count): expected str instance, \(element.typeName) found")
                }
                parts.append(part)
            }
            return .text(try join(parts, with: text, interpreter).withMarkup(text.isMarkup))
        },
        "format": { interpreter, text, arguments throws(JinjaError) in
            .text(try BraceFormat.apply(text, arguments, interpreter))
        },
        "format_map": { interpreter, text, arguments throws(JinjaError) in
            let mapping = try arguments.bound(to: "format_map", ["mapping"], required: 1)[0] ?? .none
            guard case .dictionary(let dictionary) = mapping else {
                throw JinjaError(.value, "format_map() needs a mapping, not \(mapping.typeName)")
            }
            var named = Arguments()
            for (key, value) in dictionary.entries {
                if case .text(let name) = key.value { named.keywords.append((name.string, value)) }
            }
            return .text(try BraceFormat.apply(text, named, interpreter))
        },
        "zfill": { interpreter, text, arguments throws(JinjaError) in
            let width = try (try arguments.bound(to: "zfill", ["width"], required: 1)[0] ?? .none).requireInteger()
            let missing = width - text.scalarCount
            guard missing > 0 else { return .text(text) }
            try interpreter.check(bytes: missing + text.count)
            let signs = text.hasPrefix(Text("-")) || text.hasPrefix(Text("+")) ? 1 : 0
            let builder = TextBuilder()
            builder.append(text.slice(0..<signs))
            builder.append(String(repeating: "0", count: missing), trusted: true)
            builder.append(text.slice(signs..<text.count))
            return .text(try interpreter.checked(builder.text()))
        },
        "center": { interpreter, text, arguments throws(JinjaError) in
            .text(try pad("center", text, arguments, interpreter))
        },
        "ljust": { interpreter, text, arguments throws(JinjaError) in
            .text(try pad("ljust", text, arguments, interpreter))
        },
        "rjust": { interpreter, text, arguments throws(JinjaError) in
            .text(try pad("rjust", text, arguments, interpreter))
        },
        "expandtabs": { interpreter, text, arguments throws(JinjaError) in
            let size = try arguments.bound(to: "expandtabs", ["tabsize"])[0]?.requireInteger() ?? 8
            try interpreter.check(bytes: text.count * min(max(size, 1), 1 << 32))
            var column = 0
            return .text(
                text.mapScalars { scalar, _ in
                    if scalar == "\n" || scalar == "\r" { column = -1 }
                    let width = size <= 0 ? 0 : size - column % size
                    column += scalar == "\t" ? width : 1
                    return scalar == "\t" ? String(repeating: " ", count: width) : String(Character(scalar))
                })
        },
    ]

    static func join(_ parts: [Text], with separator: Text, _ interpreter: Interpreter) throws(JinjaError) -> Text {
        if parts.count == 1 { return parts[0] }
        let builder = TextBuilder()
        for (index, part) in parts.enumerated() {
            if index > 0 { builder.append(separator) }
            builder.append(part)
            try interpreter.check(bytes: builder.count)
        }
        return try interpreter.checked(builder.text())
    }

    private static func pad(
        _ function: String, _ text: Text, _ arguments: Arguments, _ interpreter: Interpreter
    ) throws(JinjaError) -> Text {
        let values = try arguments.bound(to: function, ["width", "fillchar"], required: 1)
        let fill = try values[1]?.requireText(function) ?? Text(" ")
        guard fill.scalarCount == 1 else {
            throw JinjaError(.value, "The fill character must be exactly one character long")
        }
        return try pad(function, text, try (values[0] ?? .none).requireInteger(), fill, interpreter)
    }

    static func pad(
        _ function: String, _ text: Text, _ width: Int, _ fill: Text, _ interpreter: Interpreter
    ) throws(JinjaError) -> Text {
        let missing = width - text.scalarCount
        guard missing > 0 else { return text }
        try interpreter.check(bytes: text.count + min(missing, 1 << 40) * fill.count)
        // Python puts the odd one of an odd number of columns on the right, or on the left if the width is odd.
        let left = function == "ljust" ? 0 : function == "rjust" ? missing : missing / 2 + (missing & width & 1)
        let builder = TextBuilder()
        for _ in 0..<left { builder.append(fill) }
        builder.append(text)
        for _ in left..<missing { builder.append(fill) }
        return try interpreter.checked(builder.text(isMarkup: text.isMarkup))
    }
}
