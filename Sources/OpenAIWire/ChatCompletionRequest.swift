public import OrderedCollections
public import OrderedJSON

/// The body of `POST /v1/chat/completions`, read once and for all: after this no field is of the wrong type.
///
/// What is nil was absent or `null`; defaults are the server's. Fields that are not listed are accepted and ignored.
public struct ChatCompletionRequest: Sendable {
    /// The name that the client asks for.
    public var model: String?
    /// The conversation.
    public var messages: [ChatMessage]
    /// Whether the answer comes in events.
    public var stream: Bool
    /// Whether a stream ends with a chunk that carries the usage.
    public var includeUsage: Bool
    /// Sampling, as the client gave it; the ranges are checked by whoever samples.
    public var sampling: SamplingFields
    /// The most tokens to generate (`max_completion_tokens`, or its older name `max_tokens`).
    public var maximumTokens: Int?
    /// Texts that end the answer.
    public var stop: [String]
    /// How many answers are wanted.
    public var choices: Int
    /// Whether log-probabilities are wanted, and of how many alternatives.
    public var logProbabilities: Int?
    /// The tools' descriptions, untouched and in order.
    public var tools: [JSON]
    /// Whether tools may or must be called.
    public var toolChoice: ToolChoice
    /// The form that the answer must have.
    public var responseFormat: ResponseFormat
    /// `keep_alive`, unread: what is right in it is for the residency rules to say.
    public var keepAlive: JSON?
    /// Whether the model is asked to think, and the client wants to see it.
    public var enableThinking: Bool?
    /// More variables for the chat template.
    public var templateVariables: OrderedDictionary<String, JSON>

    /// Whether tools may or must be called.
    public enum ToolChoice: Sendable, Hashable {
        /// The model decides.
        case automatic
        /// No tool is to be called.
        case none
        /// Some tool must be called.
        case required
        /// This tool must be called.
        case function(String)
    }

    /// The form that an answer must have.
    public enum ResponseFormat: Sendable, Hashable {
        /// Any text.
        case text
        /// A JSON object.
        case jsonObject
        /// JSON that satisfies a schema.
        case jsonSchema(JSON)
    }

    /// The most stop strings in one request.
    public static let stopLimit = 16

    /// Reads a body.
    ///
    /// - Throws: an error that names the field.
    public init(_ body: JSON) throws(JSONFieldError) {
        let fields = try JSONObjectReader(body)
        model = try fields.string("model")
        messages = try ChatMessage.read(from: fields)
        stream = try fields.bool("stream") ?? false
        includeUsage = try fields.object("stream_options")?.bool("include_usage") ?? false
        sampling = try SamplingFields(fields)
        let newer = try fields.integer("max_completion_tokens", in: 1 ... .max)
        let older = try fields.integer("max_tokens", in: 1 ... .max)
        maximumTokens = newer ?? older
        stop = try Self.stopStrings(fields)
        choices = try fields.integer("n", in: 1...128) ?? 1
        let top = try fields.integer("top_logprobs", in: 0...20)
        logProbabilities = try fields.bool("logprobs") == true ? top ?? 0 : nil
        tools = try Self.tools(fields)
        toolChoice = try Self.toolChoice(fields)
        responseFormat = try Self.responseFormat(fields)
        // Some clients can only reach `options`; the top level goes before it.
        let options = try fields.object("options")
        keepAlive = fields.value("keep_alive") ?? options?.value("keep_alive")
        let template = try fields.object("chat_template_kwargs")
        templateVariables = template?.members ?? [:]
        let thinking = try fields.bool("enable_thinking")
        let templateThinking = try template?.bool("enable_thinking")
        enableThinking = thinking ?? templateThinking
        templateVariables["enable_thinking"] = nil
    }

    static func stopStrings(_ fields: JSONObjectReader) throws(JSONFieldError) -> [String] {
        guard let value = fields.value("stop") else { return [] }
        if let single = value.stringValue { return single.isEmpty ? [] : [single] }
        guard let elements = value.arrayValue else {
            throw fields.error("stop", "must be a string or an array of strings, not \(value.kindName)")
        }
        guard elements.count <= stopLimit else {
            throw fields.error("stop", "has \(elements.count) strings; at most \(stopLimit) are taken")
        }
        var strings: [String] = []
        for (index, element) in elements.enumerated() {
            guard let text = element.stringValue else {
                throw fields.error("stop[\(index)]", "must be a string, not \(element.kindName)")
            }
            if !text.isEmpty { strings.append(text) }
        }
        return strings
    }

    private static func tools(_ fields: JSONObjectReader) throws(JSONFieldError) -> [JSON] {
        for tool in try fields.objects("tools") ?? [] {
            let function = try tool.required("function", tool.object("function"))
            _ = try function.required("name", function.string("name"))
        }
        return try fields.array("tools") ?? []
    }

    private static func toolChoice(_ fields: JSONObjectReader) throws(JSONFieldError) -> ToolChoice {
        guard let value = fields.value("tool_choice") else { return .automatic }
        switch value {
        case .string("auto"): return .automatic
        case .string("none"): return .none
        case .string("required"): return .required
        case .object:
            let choice = try JSONObjectReader(value, path: "tool_choice")
            let function = try choice.required("function", choice.object("function"))
            return .function(try function.required("name", function.string("name")))
        default:
            throw fields.error("tool_choice", "must be \"auto\", \"none\", \"required\" or an object naming a function")
        }
    }

    private static func responseFormat(_ fields: JSONObjectReader) throws(JSONFieldError) -> ResponseFormat {
        guard let format = try fields.object("response_format") else { return .text }
        switch try format.required("type", format.string("type")) {
        case "text": return .text
        case "json_object": return .jsonObject
        case "json_schema":
            let schema = try format.required("json_schema", format.object("json_schema"))
            return .jsonSchema(.object(try schema.required("schema", schema.object("schema")).members))
        case let other:
            throw format.error("type", "is \"\(other.prefix(40))\"; it must be text, json_object or json_schema")
        }
    }
}
