internal import Jinja
internal import OrderedCollections
internal import OrderedJSON

extension ConversationMessage {
    /// The object that a chat template sees, with the keys that published templates read and none that is null.
    ///
    /// The role is one of ours: a control token may be made of it. All else is somebody's text.
    func templateValue(knowsDeveloper: Bool) -> TemplateValue {
        var members: OrderedDictionary<String, TemplateValue> = [:]
        func set(_ key: String, _ value: JSON?) {
            if let value, value != .null {
                members[key] = TemplateValue(value, trusted: false)
            }
        }
        let reasoning = reasoning.map { JSON.string($0) }
        // gpt-oss's name for it.
        set("thinking", reasoning)
        members["role"] = TemplateValue(.string(role.name(knowsDeveloper: knowsDeveloper)), trusted: true)
        set("content", content)
        set("tool_calls", toolCalls.isEmpty ? nil : .array(toolCalls))
        set("tool_call_id", toolCallID.map { .string($0) })
        set("name", name.map { .string($0) })
        set("reasoning_content", reasoning)
        return TemplateValue(members)
    }
}

extension ConversationMessage.Role {
    /// The role as templates know it.
    fileprivate func name(knowsDeveloper: Bool) -> String {
        switch self {
        case .developer where !knowsDeveloper: Self.system.rawValue
        case .function: Self.tool.rawValue
        default: rawValue
        }
    }
}
