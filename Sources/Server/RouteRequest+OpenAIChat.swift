import Hummingbird
import Inference
import OpenAIWire
import OrderedJSON

extension RouteRequest {
    /// `POST /v1/chat/completions`.
    func openAIChat() async throws -> Response {
        let chat = try await ChatCompletionRequest(body())
        let order = try self.order(chat)
        let created = WallTime.now.seconds
        let id = "chatcmpl-" + RandomID.make()
        let responder = await responder(.events) { started in
            ChatCompletionEncoder(
                identity: CompletionIdentity(id: id, created: created, model: started.modelName),
                includesUsage: chat.common.includeUsage, reportsTokens: chat.logProbabilities != nil)
        }
        return chat.common.stream ? try await responder.stream(order) : try await responder.whole(order)
    }

    private func order(_ chat: ChatCompletionRequest) throws -> TurnOrder {
        // The policy first: a bad one is refused before anything else happens.
        let keepAlive = try service.keepAlive(chat.common.keepAlive)
        guard chat.responseFormat == .text else {
            throw ServiceError.notYet("response_format", "any other form than text")
        }
        guard chat.toolChoice == .automatic || chat.toolChoice == .none else {
            throw ServiceError.notYet("tool_choice", "forcing a tool call")
        }
        let thinks = chat.enableThinking ?? false
        let conversation = Conversation(
            chat.messages.map(Self.message), tools: chat.toolChoice == .none ? [] : chat.tools,
            enablesThinking: thinks, templateVariables: chat.templateVariables)
        let options = try Self.options(chat.common, answers: chat.common.choices) { options in
            options.maximumTokens = chat.maximumTokens ?? Limits.defaultAnswerTokens
            options.includesReasoning = thinks
            options.logProbabilities = chat.logProbabilities
        }
        return TurnOrder(
            wanted: service.wanted(chat.common.model), keepAlive: keepAlive, inputs: [.conversation(conversation)],
            options: options)
    }

    private static func message(_ message: ChatMessage) -> ConversationMessage {
        let role: ConversationMessage.Role =
            switch message.role {
            case .system: .system
            case .developer: .developer
            case .user: .user
            case .assistant: .assistant
            case .tool: .tool
            case .function: .function
            }
        // Beside tool calls clients send null, and many templates search the content without asking whether it is there.
        return ConversationMessage(
            role: role, content: .string(message.content ?? ""), reasoning: message.reasoning,
            toolCalls: message.toolCalls, toolCallID: message.toolCallID, name: message.name)
    }
}
