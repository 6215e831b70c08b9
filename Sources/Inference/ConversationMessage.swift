public import OrderedCollections
public import OrderedJSON

/// One message of a conversation, as a chat template reads it.
public struct ConversationMessage: Sendable, Hashable {
    /// Who speaks. The set is closed: a role's text reaches the prompt, so no client chooses it freely.
    public enum Role: String, Sendable, Hashable, CaseIterable {
        /// Instructions ahead of the conversation.
        case system
        /// OpenAI's newer name for `system`; templates that do not know it see `system`.
        case developer
        /// The person.
        case user
        /// The model.
        case assistant
        /// What a tool answered.
        case tool
        /// OpenAI's older name for `tool`; templates see `tool`.
        case function
    }

    /// Who speaks.
    public var role: Role
    /// What is said: plain text, or the array of parts that a client sent, or null beside tool calls.
    public var content: JSON
    /// What the assistant thought before it spoke, if the client kept it.
    public var reasoning: String?
    /// The assistant's tool calls in OpenAI's shape, arguments already parsed into an object.
    public var toolCalls: [JSON]
    /// Which call a tool message answers.
    public var toolCallID: String?
    /// The name of the speaker, or of the tool.
    public var name: String?

    /// A message; the fields that most messages lack default to nothing.
    public init(
        role: Role, content: JSON, reasoning: String? = nil, toolCalls: [JSON] = [], toolCallID: String? = nil,
        name: String? = nil
    ) {
        self.role = role
        self.content = content
        self.reasoning = reasoning
        self.toolCalls = toolCalls
        self.toolCallID = toolCallID
        self.name = name
    }

    /// A message of plain text.
    public init(_ role: Role, _ text: String) {
        self.init(role: role, content: .string(text))
    }
}

/// A conversation that a model is to continue.
public struct Conversation: Sendable, Hashable {
    /// The messages so far, oldest first.
    public var messages: [ConversationMessage]
    /// Tool descriptions in OpenAI's shape, in the client's order.
    public var tools: [JSON]
    /// Whether the model is asked to think before it answers, where its template knows how.
    public var enablesThinking: Bool
    /// More variables for the template (`chat_template_kwargs`).
    public var templateVariables: OrderedDictionary<String, JSON>

    /// A conversation; without tools and thinking unless told otherwise.
    public init(
        _ messages: [ConversationMessage], tools: [JSON] = [], enablesThinking: Bool = false,
        templateVariables: OrderedDictionary<String, JSON> = [:]
    ) {
        self.messages = messages
        self.tools = tools
        self.enablesThinking = enablesThinking
        self.templateVariables = templateVariables
    }
}
