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

/// The `options` of a request. Unknown ones are ignored; `num_ctx` is read by nothing, since the context of a loaded
/// model does not change with a request.
public struct OptionFields: Sendable, Hashable {
    /// `temperature`.
    public var temperature: Double?
    /// `top_k`.
    public var topK: Int?
    /// `top_p`.
    public var topP: Double?
    /// `min_p`.
    public var minP: Double?
    /// `repeat_penalty`.
    public var repeatPenalty: Double?
    /// `repeat_last_n`; −1 is the whole context.
    public var repeatLastN: Int?
    /// `presence_penalty`.
    public var presencePenalty: Double?
    /// `frequency_penalty`.
    public var frequencyPenalty: Double?
    /// `seed`.
    public var seed: Int?
    /// `num_predict`; negative is as many as fit.
    public var numPredict: Int?
    /// `stop`.
    public var stop: [String] = []

    init(_ fields: JSONObjectReader?) throws(JSONFieldError) {
        guard let fields else { return }
        temperature = try fields.number("temperature")
        topK = try fields.integer("top_k")
        topP = try fields.number("top_p")
        minP = try fields.number("min_p")
        repeatPenalty = try fields.number("repeat_penalty")
        repeatLastN = try fields.integer("repeat_last_n")
        presencePenalty = try fields.number("presence_penalty")
        frequencyPenalty = try fields.number("frequency_penalty")
        seed = try fields.integer("seed")
        numPredict = try fields.integer("num_predict")
        if let single = fields.value("stop")?.stringValue {
            stop = [single]
        } else {
            for (index, element) in (try fields.array("stop") ?? []).enumerated() {
                guard let text = element.stringValue else {
                    throw fields.error("stop[\(index)]", "must be a string, not \(element.kindName)")
                }
                stop.append(text)
            }
        }
        stop.removeAll(where: \.isEmpty)
    }
}

/// The body of `POST /api/chat`.
public struct ChatRequest: Sendable {
    /// What it shares with `/api/generate`.
    public var common: CommonFields
    /// The conversation; empty: load the model, or with `keep_alive` 0 unload it.
    public var messages: [Message]
    /// The tools' descriptions.
    public var tools: [JSON]

    /// One message.
    public struct Message: Sendable, Hashable {
        /// `system`, `user`, `assistant` or `tool`.
        public var role: String
        /// The text.
        public var content: String
        /// What the assistant thought.
        public var thinking: String?
        /// The assistant's tool calls; `arguments` is an object on this wire.
        public var toolCalls: [JSON]
        /// Which tool a tool message answers for.
        public var toolName: String?

        init(_ fields: JSONObjectReader) throws(JSONFieldError) {
            role = try fields.required("role", fields.string("role"))
            guard ["system", "user", "assistant", "tool"].contains(role) else {
                throw fields.error(
                    "role", "is \"\(role.prefix(40))\"; it must be system, user, assistant or tool")
            }
            content = try fields.string("content") ?? ""
            thinking = try fields.string("thinking")
            toolName = try fields.string("tool_name")
            toolCalls = try fields.array("tool_calls") ?? []
            if let images = try fields.array("images"), !images.isEmpty {
                throw fields.error("images", "models here read text only")
            }
        }
    }

    /// Reads a body.
    ///
    /// - Throws: an error that names the field.
    public init(_ body: JSON) throws(JSONFieldError) {
        let fields = try JSONObjectReader(body)
        common = try CommonFields(fields)
        messages = []
        for reader in try fields.objects("messages") ?? [] { messages.append(try Message(reader)) }
        for tool in try fields.objects("tools") ?? [] {
            let function = try tool.required("function", tool.object("function"))
            _ = try function.required("name", function.string("name"))
        }
        tools = try fields.array("tools") ?? []
    }
}

/// The body of `POST /api/generate`.
public struct GenerateRequest: Sendable {
    /// What it shares with `/api/chat`.
    public var common: CommonFields
    /// The text to answer; empty: load the model, or with `keep_alive` 0 unload it.
    public var prompt: String
    /// Instructions ahead of it.
    public var system: String?
    /// Whether the prompt goes to the model as it is, without the chat template.
    public var raw: Bool
    /// What follows the gap that is to be filled.
    public var suffix: String
    /// A template in place of the model's own.
    public var template: String
    /// The tokens of the conversation so far, as an earlier answer gave them.
    public var context: [Int32]

    /// Reads a body.
    ///
    /// - Throws: an error that names the field.
    public init(_ body: JSON) throws(JSONFieldError) {
        let fields = try JSONObjectReader(body)
        common = try CommonFields(fields)
        prompt = try fields.string("prompt") ?? ""
        system = try fields.string("system")
        raw = try fields.bool("raw") ?? false
        suffix = try fields.string("suffix") ?? ""
        template = try fields.string("template") ?? ""
        context = []
        for (index, element) in (try fields.array("context") ?? []).enumerated() {
            guard let number = element.integerValue, let token = Int32(exactly: number), token >= 0 else {
                throw fields.error("context[\(index)]", "must be a token id")
            }
            context.append(token)
        }
        if let images = try fields.array("images"), !images.isEmpty {
            throw fields.error("images", "models here read text only")
        }
    }
}

/// The body of `POST /api/show`: `model`, or the older `name`.
public struct ShowRequest: Sendable {
    /// The model's name; never empty.
    public var model: String

    /// Reads a body.
    ///
    /// - Throws: an error that names the field.
    public init(_ body: JSON) throws(JSONFieldError) {
        let fields = try JSONObjectReader(body)
        // Ollama's own client sends both, with an empty `model`.
        let names = [try fields.string("model"), try fields.string("name")].compactMap { $0 }
        guard let name = names.first(where: { !$0.isEmpty }) else { throw fields.error("model", "is required") }
        model = name
    }
}
