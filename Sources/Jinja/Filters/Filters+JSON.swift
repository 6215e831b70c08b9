import OrderedJSON

/// `tojson` and `from_json`.
extension Filters {
    static let json: [String: Filter] = [
        "tojson": { interpreter, value, arguments throws(JinjaError) in
            let values = try arguments.bound(to: "tojson", ["ensure_ascii", "indent", "separators", "sort_keys"])
            var style = JSONStyle(itemSeparator: ", ", keySeparator: ": ")
            style.escapesNonASCII = values[0]?.isTrue == true
            style.sortsKeys = values[3]?.isTrue == true
            if let indent = values[1], !isNone(indent) {
                style.itemSeparator = ","
                if case .text(let text) = indent {
                    style.indentation = text.string
                } else {
                    let width = try indent.requireInteger()
                    try interpreter.check(bytes: width)
                    style.indentation = String(repeating: " ", count: max(width, 0))
                }
            }
            if let separators = values[2], !isNone(separators) {
                let parts = try interpreter.elements(of: separators)
                guard parts.count == 2 else {
                    throw JinjaError(.value, "separators must be a pair, got \(parts.count) elements")
                }
                style.itemSeparator = try parts[0].requireText("tojson").string
                style.keySeparator = try parts[1].requireText("tojson").string
            }
            var writer = JSONValueWriter(style: style)
            try writer.write(value)
            return .text(try interpreter.checked(Text(bytes: writer.bytes, trusted: writer.isTrusted)))
        },
        "from_json": { interpreter, value, _ throws(JinjaError) in
            let text = try value.requireText("from_json")
            try interpreter.charge(text.count)
            do throws(JSONError) {
                return Value(try JSON(parsing: text.bytes), trusted: text.isTrusted)
            } catch {
                throw JinjaError(.value, error.description)
            }
        },
    ]
}
