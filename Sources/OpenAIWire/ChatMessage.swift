public import OrderedJSON

/// One message of a conversation, as a client sends it.
public struct ChatMessage: Sendable, Hashable {
    /// Who speaks.
    public enum Role: String, Sendable, Hashable, CaseIterable {
        /// Instructions.
        case system
        /// Instructions, under their newer name.
        case developer
        /// The person.
        case user
        /// The model.
        case assistant
        /// What a tool answered.
        case tool
        /// What a tool answered, under its older name.
        case function
    }

    /// Who speaks.
    public var role: Role
    /// The text; parts are joined by a line break. Nil beside tool calls.
    public var content: String?
    /// What the assistant thought (`reasoning_content`, or `reasoning`).
    public var reasoning: String?
    /// The assistant's tool calls, in the order and shape they came in, save that `arguments` is the parsed object.
    public var toolCalls: [JSON]
    /// Which call a tool message answers.
    public var toolCallID: String?
    /// The name of the speaker or the tool.
    public var name: String?

    static func read(from fields: JSONObjectReader) throws(JSONFieldError) -> [ChatMessage] {
        let readers = try fields.required("messages", fields.objects("messages"))
        guard !readers.isEmpty else { throw fields.error("messages", "must hold at least one message") }
        var messages: [ChatMessage] = []
        for reader in readers { messages.append(try ChatMessage(reader)) }
        return messages
    }

    private init(_ fields: JSONObjectReader) throws(JSONFieldError) {
        let text = try fields.required("role", fields.string("role"))
        guard let role = Role(rawValue: text) else {
            let known = Role.allCases.map(\.rawValue).joined(separator: ", ")
            throw fields.error("role", "is \"\(text.shortened(to: 40))\"; it must be one of \(known)")
        }
        self.role = role
        content = try Self.content(fields)
        let reasoningContent = try fields.string("reasoning_content")
        let plainReasoning = try fields.string("reasoning")
        reasoning = reasoningContent ?? plainReasoning
        toolCalls = try Self.toolCalls(fields)
        toolCallID = try fields.string("tool_call_id")
        name = try fields.string("name")
        if content == nil && role != .assistant { throw fields.error("content", "is required") }
    }

    private static func content(_ fields: JSONObjectReader) throws(JSONFieldError) -> String? {
        guard let value = fields.value("content") else { return nil }
        if let text = value.stringValue { return text }
        guard value.arrayValue != nil, let parts = try fields.objects("content") else {
            throw fields.error("content", "must be a string or an array of parts, not \(value.kindName)")
        }
        var texts: [String] = []
        for part in parts {
            let type = try part.required("type", part.string("type"))
            switch type {
            case "text": texts.append(try part.required("text", part.string("text")))
            case "refusal": texts.append(try part.required("refusal", part.string("refusal")))
            default:
                throw part.error("type", "is \"\(type.shortened(to: 40))\"; models here read text only")
            }
        }
        return texts.joined(separator: "\n")
    }

    private static func toolCalls(_ fields: JSONObjectReader) throws(JSONFieldError) -> [JSON] {
        var calls: [JSON] = []
        for call in try fields.objects("tool_calls") ?? [] {
            let function = try call.required("function", call.object("function"))
            _ = try function.required("name", function.string("name"))
            // A string on this wire, an object to chat templates. A model may have written something that is no JSON;
            // then the template sees its text.
            let text = function.value("arguments")?.stringValue
            let parsed = text.flatMap { try? JSON(parsing: $0) }
            calls.append(
                JSON.object(call.members).adding("function", JSON.object(function.members).adding("arguments", parsed)))
        }
        return calls
    }
}
