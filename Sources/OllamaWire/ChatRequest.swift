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
