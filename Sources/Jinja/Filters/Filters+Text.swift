import OrderedCollections

/// Filters that make text.
extension Filters {
    static let texts: [String: Filter] = [
        "upper": { interpreter, value, _ throws(JinjaError) in
            .text(try interpreter.checked(try scanned(value, interpreter).uppercased()))
        },
        "lower": { interpreter, value, _ throws(JinjaError) in
            .text(try interpreter.checked(try scanned(value, interpreter).lowercased()))
        },
        "capitalize": { interpreter, value, _ throws(JinjaError) in
            .text(try interpreter.checked(try scanned(value, interpreter).capitalized()))
        },
        "title": { interpreter, value, _ throws(JinjaError) in
            .text(try interpreter.checked(title(try scanned(value, interpreter))))
        },
        "trim": { interpreter, value, arguments throws(JinjaError) in
            .text(
                try interpreter.checked(
                    try TextMethods.strip("trim", try softText(value), arguments, left: true, right: true)))
        },
        "replace": { interpreter, value, arguments throws(JinjaError) in
            let values = try arguments.bound(to: "replace", ["old", "new", "count"], required: 2)
            var count = -1
            if let given = values[2], !isNone(given) { count = try given.requireInteger() }
            return .text(
                try TextMethods.replace(
                    value.printed(), (values[0] ?? .none).printed(), (values[1] ?? .none).printed(), count,
                    interpreter))
        },
        "join": { interpreter, value, arguments throws(JinjaError) in
            let values = try arguments.bound(to: "join", ["d", "attribute"])
            let separator = (values[0] ?? .text("")).printed()
            let path = try AttributePath(values[1], interpreter)
            var parts: [Text] = []
            let iterator = try interpreter.iterator(over: value)
            while let element = try iterator.next() {
                try interpreter.charge()
                parts.append(try path.value(in: element).printed())
            }
            return .text(try TextMethods.join(parts, with: separator, interpreter))
        },
        "format": { interpreter, value, arguments throws(JinjaError) in
            if !arguments.positional.isEmpty, !arguments.keywords.isEmpty {
                throw JinjaError(.value, "can't handle positional and keyword arguments at the same time")
            }
            var values = Value.tuple(ListValue(unchecked: arguments.positional))
            if !arguments.keywords.isEmpty {
                var entries: OrderedDictionary<Key, Value> = [:]
                for (name, value) in arguments.keywords { entries[Key(Text(name))] = value }
                values = .dictionary(DictionaryValue(unchecked: entries))
            }
            return .text(try PercentFormat.apply(try softText(value), values, interpreter))
        },
        "indent": indent,
        "center": { interpreter, value, arguments throws(JinjaError) in
            let width = try arguments.bound(to: "center", ["width"])[0]?.requireInteger() ?? 80
            return .text(try TextMethods.pad("center", try softText(value), width, Text(" "), interpreter))
        },
        "wordcount": { interpreter, value, _ throws(JinjaError) in
            let text = try scanned(value, interpreter)
            var words = 0
            var isInWord = false
            text.forEachScalar { scalar, _ in
                if scalar.isPythonWord, !isInWord { words += 1 }
                isInWord = scalar.isPythonWord
                return true
            }
            return .integer(words)
        },
    ]

    static func isNone(_ value: Value) -> Bool {
        if case .none = value { return true }
        return false
    }

    /// Upper case after white space, hyphens and opening brackets.
    private static func title(_ text: Text) -> Text {
        var startsWord = true
        let lower = text.lowercased()
        guard lower.scalarCount == text.scalarCount else { return text.titlecased() }
        return lower.mapScalars { scalar, _ in
            defer { startsWord = scalar.isPythonSpace || "-({[<".unicodeScalars.contains(scalar) }
            return startsWord ? scalar.properties.uppercaseMapping : String(Character(scalar))
        }
    }

    @Sendable private static func indent(
        _ interpreter: Interpreter, _ value: Value, _ arguments: Arguments
    ) throws(JinjaError) -> Value {
        let values = try arguments.bound(to: "indent", ["width", "first", "blank"])
        guard case .text(let text) = value else {
            if case .undefined(let undefined) = value { throw undefined.error }
            throw JinjaError(
                .value, "unsupported operand type(s) for +=: '\(value.typeName)' and 'str'")
        }
        var indentation = Text("    ")
        if case .text(let given)? = values[0] {
            indentation = given
        } else if let width = try values[0]?.requireInteger() {
            try interpreter.check(bytes: width)
            indentation = Text(String(repeating: " ", count: max(width, 0)))
        }
        let indentsFirst = values[1]?.isTrue == true
        let indentsBlank = values[2]?.isTrue == true
        // The text gets one more line break, so that a last empty line counts, and loses it again.
        let lines = text.appending(Text("\n")).lines()
        try interpreter.check(bytes: text.count + lines.count * min(indentation.count, 1 << 32))
        let builder = TextBuilder()
        for (index, line) in lines.enumerated() {
            if index > 0 { builder.append("\n", trusted: true) }
            if index == 0 ? indentsFirst : indentsBlank || !line.isEmpty { builder.append(indentation) }
            builder.append(line)
        }
        return .text(try interpreter.checked(builder.text(isMarkup: text.isMarkup)))
    }
}
