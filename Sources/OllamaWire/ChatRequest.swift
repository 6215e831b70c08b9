public import OrderedJSON

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
        /// The assistant's tool calls, `arguments` an object, in the shape that chat templates read:
        /// `{"id"?, "type": "function", "function": {"name", "arguments"}}`.
        public var toolCalls: [JSON]
        /// Which tool a tool message answers for.
        public var toolName: String?
        /// Which call it answers.
        public var toolCallID: String?

        init(_ fields: JSONObjectReader) throws(JSONFieldError) {
            let name = try fields.required("role", fields.string("role"))
            role = name.lowercased()
            guard ["system", "user", "assistant", "tool"].contains(role) else {
                throw fields.error(
                    "role", "is \"\(name.shortened(to: 40))\"; it must be system, user, assistant or tool")
            }
            content = try fields.string("content") ?? ""
            thinking = try fields.string("thinking")
            toolName = try fields.string("tool_name")
            toolCallID = try fields.string("tool_call_id")
            toolCalls = []
            for call in try fields.objects("tool_calls") ?? [] { toolCalls.append(try Self.toolCall(call)) }
            try Images.refuse(fields)
        }

        private static func toolCall(_ call: JSONObjectReader) throws(JSONFieldError) -> JSON {
            let function = try call.required("function", call.object("function"))
            let name = try function.required("name", function.string("name"))
            let arguments = try function.object("arguments").map { JSON.object($0.members) } ?? [:]
            var json = ObjectBuilder()
            json["id"] = try call.string("id").map { .string($0) }
            json["type"] = "function"
            json["function"] = ["name": .string(name), "arguments": arguments]
            return json.json
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

/// Pictures, which no model here sees.
enum Images {
    static func refuse(_ fields: JSONObjectReader) throws(JSONFieldError) {
        if let images = try fields.array("images"), !images.isEmpty {
            throw fields.error("images", "has \(images.count); the models here read text only")
        }
    }
}
