import Hummingbird
import Inference
import OpenAIWire
import OrderedJSON
import Sampling

extension RouteRequest {
    /// `POST /v1/chat/completions`.
    func openAIChat() async throws -> Response {
        let chat = try await ChatCompletionRequest(body())
        let order = try self.order(chat)
        let created = WallTime.now.seconds
        let id = "chatcmpl-" + RandomID.make()
        let includesUsage = chat.common.includeUsage
        let responder = await responder(.events) { started in
            ChatCompletionEncoder(
                identity: CompletionIdentity(id: id, created: created, model: started.modelName),
                includesUsage: includesUsage)
        }
        return chat.common.stream ? try await responder.stream(order) : try await responder.whole(order)
    }

    private func order(_ chat: ChatCompletionRequest) throws -> TurnOrder {
        // The policy first: a bad one is refused before anything else happens.
        let keepAlive = try service.keepAlive(chat.common.keepAlive)
        if chat.logProbabilities != nil { throw ServiceError.notYet("logprobs", "reporting log-probabilities") }
        guard chat.responseFormat == .text else {
            throw ServiceError.notYet("response_format", "any other form than text")
        }
        guard chat.toolChoice == .automatic || chat.toolChoice == .none else {
            throw ServiceError.notYet("tool_choice", "forcing a tool call")
        }
        guard chat.common.choices <= Limits.choices else {
            throw ServiceError(
                .badRequest, "n: is \(chat.common.choices); it must be at most \(Limits.choices)", param: "n")
        }
        let thinks = chat.enableThinking ?? false
        let conversation = Conversation(
            chat.messages.map(Self.message), tools: chat.toolChoice == .none ? [] : chat.tools,
            enablesThinking: thinks, templateVariables: chat.templateVariables)
        let options = try (0..<chat.common.choices).map { choice in
            GenerationOptions(
                maximumTokens: chat.maximumTokens ?? 512, stopStrings: chat.common.stop,
                sampling: try Self.sampling(chat.common.sampling, choice: choice), includesReasoning: thinks)
        }
        return TurnOrder(
            wanted: service.wanted(chat.common.model), keepAlive: keepAlive, input: .conversation(conversation),
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
        return ConversationMessage(
            role: role, content: message.content.map { .string($0) } ?? .null, reasoning: message.reasoning,
            toolCalls: message.toolCalls, toolCallID: message.toolCallID, name: message.name)
    }

    /// Each choice of one request draws differently, and the same at every repetition.
    private static func sampling(_ fields: SamplingFields, choice: Int) throws(SamplingError) -> SamplingParameters {
        try SamplingParameters(
            temperature: Float(fields.temperature ?? 0), topK: fields.topK ?? 0, topP: Float(fields.topP ?? 1),
            minP: Float(fields.minP ?? 0), repetitionPenalty: Float(fields.repetitionPenalty ?? 1),
            presencePenalty: Float(fields.presencePenalty ?? 0), frequencyPenalty: Float(fields.frequencyPenalty ?? 0),
            logitBias: fields.logitBias.mapValues { Float($0) },
            seed: UInt64(bitPattern: Int64(fields.seed ?? 0)) &+ UInt64(choice))
    }
}
