/// Filters, as in `value | trim`. Most of Jinja's own, with `tojson` as `transformers` defines it and `from_json` besides.
enum Filters {
    typealias Filter = @Sendable (Interpreter, Value, Arguments) throws(JinjaError) -> Value

    static let table: [String: Filter] = values.merging(texts) { $1 }.merging(moreTexts) { $1 }
        .merging(numbers) { $1 }.merging(sequences) { $1 }.merging(selections) { $1 }.merging(orderings) { $1 }
        .merging(json) { $1 }

    private static let values: [String: Filter] = [
        "default": applyDefault, "d": applyDefault,
        "length": length, "count": length,
        "string": { _, value, _ throws(JinjaError) in
            if case .text = value { value } else { .text(value.printed()) }
        },
        "list": { interpreter, value, _ throws(JinjaError) in
            .list(try interpreter.makeList(try interpreter.elements(of: value)))
        },
        "attr": { interpreter, value, arguments throws(JinjaError) in
            let name = try arguments.bound(to: "attr", ["name"], required: 1)[0] ?? .none
            return try interpreter.attributeOnly(name.printed(), of: value)
        },
        "items": { _, value, _ throws(JinjaError) in
            switch value {
            case .undefined: .list(ListValue(unchecked: []))
            case .dictionary(let dictionary): .view(DictionaryView(.items, of: dictionary))
            default: throw JinjaError(.value, "Can only get item pairs from a mapping.")
            }
        },
    ]

    @Sendable private static func applyDefault(
        _ interpreter: Interpreter, _ value: Value, _ arguments: Arguments
    ) throws(JinjaError) -> Value {
        let values = try arguments.bound(to: "default", ["default_value", "boolean"])
        if value.isUndefined || (values[1]?.isTrue == true && !value.isTrue) { return values[0] ?? .text("") }
        return value
    }

    @Sendable private static func length(
        _ interpreter: Interpreter, _ value: Value, _ arguments: Arguments
    ) throws(JinjaError) -> Value {
        if case .text(let text) = value { try interpreter.charge(bytes: text.count) }
        if let count = interpreter.count(value) { return .integer(count) }
        if case .object(let loop as LoopObject) = value { return try loop.attribute("length", interpreter) ?? .none }
        throw JinjaError(.value, "object of type '\(value.typeName)' has no len()")
    }

    /// The text of anything, whose characters are about to be looked at one by one.
    static func scanned(_ value: Value, _ interpreter: Interpreter) throws(JinjaError) -> Text {
        let text = try softText(value)
        try interpreter.charge(scanning: text)
        return text
    }

    /// `soft_str`: the text of anything, markup kept.
    static func softText(_ value: Value) throws(JinjaError) -> Text {
        if case .text(let text) = value { return text }
        return value.printed()
    }
}
