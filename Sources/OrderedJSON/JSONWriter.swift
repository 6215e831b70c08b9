import OrderedCollections

/// Appends values to a buffer of UTF-8. Recurses once a level.
struct JSONWriter {
    let style: JSONStyle
    var bytes: [UInt8] = []

    init(style: JSONStyle) { self.style = style }

    mutating func write(_ value: JSON, depth: Int) {
        switch value {
        case .null: append("null")
        case .bool(let value): append(value ? "true" : "false")
        case .integer(let value): append(String(value))
        case .number(let value): write(value)
        case .string(let value): write(value)
        case .array(let elements): write(elements, depth: depth + 1)
        case .object(let members): write(members, depth: depth + 1)
        }
    }

    private mutating func write(_ value: Double) {
        if value.isFinite {
            append(ShortestDecimal.text(value))
        } else if !style.writesNonFiniteNumbers {
            append("null")
        } else {
            append(value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity")
        }
    }

    private mutating func write(_ elements: [JSON], depth: Int) {
        guard !elements.isEmpty else { return append("[]") }
        append("[")
        var isFirst = true
        for element in elements {
            separate(isFirst: &isFirst, depth: depth)
            write(element, depth: depth)
        }
        breakLine(depth: depth - 1)
        append("]")
    }

    private mutating func write(_ members: OrderedDictionary<String, JSON>, depth: Int) {
        guard !members.isEmpty else { return append("{}") }
        append("{")
        var isFirst = true
        if style.sortsKeys {
            let ordered = members.sorted { $0.key.unicodeScalars.lexicographicallyPrecedes($1.key.unicodeScalars) }
            for (key, value) in ordered { write(key: key, value, isFirst: &isFirst, depth: depth) }
        } else {
            for (key, value) in members { write(key: key, value, isFirst: &isFirst, depth: depth) }
        }
        breakLine(depth: depth - 1)
        append("}")
    }

    private mutating func write(key: String, _ value: JSON, isFirst: inout Bool, depth: Int) {
        separate(isFirst: &isFirst, depth: depth)
        write(key)
        append(style.keySeparator)
        write(value, depth: depth)
    }

    private mutating func separate(isFirst: inout Bool, depth: Int) {
        if !isFirst { append(style.itemSeparator) }
        isFirst = false
        breakLine(depth: depth)
    }

    private mutating func breakLine(depth: Int) {
        guard let indentation = style.indentation else { return }
        append("\n")
        for _ in 0..<depth { append(indentation) }
    }

    private mutating func write(_ text: String) {
        JSONString.append(text.utf8, escapesNonASCII: style.escapesNonASCII, to: &bytes)
    }

    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }
}
