public import OrderedJSON

/// What the bodies of Ollama's `/api/chat` and `/api/generate` have in common.
public struct CommonFields: Sendable {
    /// The model's name; never empty.
    public var model: String
    /// Whether the answer comes line by line; the default is yes.
    public var stream: Bool
    /// `keep_alive`, unread, from the top level or else from `options`.
    public var keepAlive: JSON?
    /// Sampling and lengths.
    public var options: OptionFields
    /// Whether the client wants the model to think and to show it.
    public var think: Bool
    /// The form of the answer: nil for any text.
    public var format: JSON?

    init(_ fields: JSONObjectReader) throws(JSONFieldError) {
        guard let name = try fields.string("model"), !name.isEmpty else {
            throw JSONFieldError(field: "model", problem: "is required")
        }
        model = name
        stream = try fields.bool("stream") ?? true
        let nested = try fields.object("options")
        keepAlive = fields.value("keep_alive") ?? nested?.value("keep_alive")
        options = try OptionFields(nested)
        switch fields.value("think") {
        case nil, .bool(false): think = false
        case .bool(true), .string("low"), .string("medium"), .string("high"), .string("max"): think = true
        case let other?:
            throw fields.error(
                "think", "must be a boolean, \"low\", \"medium\", \"high\" or \"max\", not \(other.kindName)")
        }
        switch fields.value("format") {
        case nil, .string(""): format = nil
        case .string("json"): format = "json"
        case .object(let schema): format = .object(schema)
        case let other?: throw fields.error("format", "must be \"json\" or a schema, not \(other.kindName)")
        }
    }
}
