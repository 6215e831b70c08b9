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
    /// Whether the client wants the model to think and to show it; nil leaves it to the model.
    public var think: Thinking?
    /// The form of the answer: nil for any text.
    public var format: JSON?
    /// Whether log-probabilities are wanted, and of how many alternatives.
    public var logProbabilities: Int?
    /// Whether a conversation that is too long may lose its oldest messages. Ollama does that unless told otherwise; here
    /// it must be asked for.
    public var truncate: Bool

    /// Whether and how much a model is to think.
    public enum Thinking: Sendable, Hashable {
        /// Not at all.
        case off
        /// As much as it likes.
        case on
        /// `low`, `medium`, `high` or `max`, for templates that know such levels.
        case level(String)
    }

    init(_ fields: JSONObjectReader) throws(JSONFieldError) {
        model = try ModelField.required(fields)
        stream = try fields.bool("stream") ?? true
        let nested = try fields.object("options")
        keepAlive = fields.value("keep_alive") ?? nested?.value("keep_alive")
        options = try OptionFields(nested)
        think = try Self.thinking(fields)
        switch fields.value("format") {
        case nil, .string(""): format = nil
        case .string("json"): format = "json"
        case .object(let schema): format = .object(schema)
        case let other?: throw fields.error("format", "must be \"json\" or a schema, not \(other.kindName)")
        }
        let top = try fields.integer("top_logprobs", in: 0...20)
        logProbabilities = try fields.bool("logprobs") == true ? top ?? 0 : nil
        truncate = try fields.bool("truncate") ?? false
        // Whether the context may slide under a running answer. It never does here: the answer ends with `length`.
        _ = try fields.bool("shift")
    }

    private static func thinking(_ fields: JSONObjectReader) throws(JSONFieldError) -> Thinking? {
        switch fields.value("think") {
        case nil, .string(""): return nil
        case .bool(let flag): return flag ? .on : .off
        case .string(let level) where ["low", "medium", "high", "max"].contains(level): return .level(level)
        case let other?:
            let found = other.stringValue.map { "\"\($0.shortened(to: 40))\"" } ?? other.kindName
            throw fields.error(
                "think", "must be a boolean, \"low\", \"medium\", \"high\" or \"max\", not \(found)")
        }
    }
}

/// The name of the model that a request is for.
enum ModelField {
    /// `model`, which must be there.
    static func required(_ fields: JSONObjectReader) throws(JSONFieldError) -> String {
        guard let name = try fields.string("model"), !name.isEmpty else {
            throw fields.error("model", JSONFieldError.missing)
        }
        return name
    }

    /// `model`, or the older `name`. Ollama's own client sends both, with an empty `model`.
    static func newerOrOlder(_ fields: JSONObjectReader) throws(JSONFieldError) -> String {
        if let name = try fields.string("model"), !name.isEmpty { return name }
        guard let name = try fields.string("name"), !name.isEmpty else {
            throw fields.error("model", JSONFieldError.missing)
        }
        return name
    }
}
