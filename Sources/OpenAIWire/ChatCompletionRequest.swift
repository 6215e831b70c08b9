public import OrderedCollections
public import OrderedJSON

/// The body of `POST /v1/chat/completions`, read once and for all: after this no field is of the wrong type.
///
/// What is nil was absent or `null`; defaults are the server's. Fields that are not listed are accepted and ignored.
public struct ChatCompletionRequest: Sendable {
    /// What text completions have, too.
    public var common: CommonFields
    /// The conversation.
    public var messages: [ChatMessage]
    /// The most tokens to generate (`max_completion_tokens`, or its older name `max_tokens`).
    public var maximumTokens: Int?
    /// How many alternatives to each token are wanted with their log-probabilities; nil: no log-probabilities at all.
    public var logProbabilities: Int?
    /// The tools' descriptions, untouched and in order.
    public var tools: [JSON]
    /// Whether tools may or must be called.
    public var toolChoice: ToolChoice
    /// The form that the answer must have.
    public var responseFormat: ResponseFormat
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

    /// The most answers in one request: each runs as a turn of its own.
    public static let choicesLimit = 16

    /// Reads a body.
    ///
    /// - Throws: an error that names the field.
    public init(_ body: JSON) throws(JSONFieldError) {
        let fields = try JSONObjectReader(body)
        common = try CommonFields(fields, choices: 1...Self.choicesLimit)
        messages = try ChatMessage.read(from: fields)
        let newer = try fields.integer("max_completion_tokens", in: 1 ... .max)
        let older = try fields.integer("max_tokens", in: 1 ... .max)
        maximumTokens = newer ?? older
        logProbabilities = try Self.logProbabilities(fields)
        tools = try Self.tools(fields)
        toolChoice = try Self.toolChoice(fields)
        responseFormat = try Self.responseFormat(fields)
        let template = try fields.object("chat_template_kwargs")
        templateVariables = template?.members ?? [:]
        let thinking = try fields.bool("enable_thinking")
        let templateThinking = try template?.bool("enable_thinking")
        enableThinking = thinking ?? templateThinking
        templateVariables["enable_thinking"] = nil
        // Some templates read it. What the client set for the template by name goes before it.
        if let effort = try fields.string("reasoning_effort"), templateVariables["reasoning_effort"] == nil {
            templateVariables["reasoning_effort"] = .string(effort)
        }
    }

    private static func logProbabilities(_ fields: JSONObjectReader) throws(JSONFieldError) -> Int? {
        let alternatives = try fields.integer("top_logprobs", in: 0...20) ?? 0
        if try fields.bool("logprobs") == true { return alternatives }
        guard alternatives == 0 else { throw fields.error("top_logprobs", "is only allowed where logprobs is true") }
        return nil
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
            throw format.error("type", "is \"\(other.shortened(to: 40))\"; it must be text, json_object or json_schema")
        }
    }
}
