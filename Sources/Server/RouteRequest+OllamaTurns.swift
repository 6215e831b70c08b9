import Hummingbird
import Inference
import NIOCore
import OllamaWire
import OrderedJSON
import Residency
import Sampling

extension RouteRequest {
    /// `POST /api/chat`.
    func ollamaChat() async throws -> Response {
        let chat = try await ChatRequest(body())
        let conversation = Conversation(
            chat.messages.map(Self.message), tools: chat.tools, enablesThinking: chat.common.think)
        return try await answer(
            chat.common, shape: .chat, input: chat.messages.isEmpty ? nil : .conversation(conversation))
    }

    /// `POST /api/generate`.
    func ollamaGenerate() async throws -> Response {
        let generate = try await GenerateRequest(body())
        if !generate.suffix.isEmpty { throw ServiceError.notYet("suffix", "filling a gap") }
        if !generate.template.isEmpty { throw ServiceError.notYet("template", "another template than the model's") }
        if !generate.context.isEmpty { throw ServiceError.notYet("context", "going on from token ids") }
        var input: PromptInput?
        if generate.raw {
            input = .text(generate.prompt)
        } else {
            var messages = generate.system.map { [ConversationMessage(.system, $0)] } ?? []
            messages.append(ConversationMessage(.user, generate.prompt))
            input = .conversation(Conversation(messages, enablesThinking: generate.common.think))
        }
        if generate.prompt.isEmpty { input = nil }
        return try await answer(generate.common, shape: .generate, input: input)
    }

    /// Runs a turn; without input it loads the model, or with `keep_alive` 0 unloads it.
    private func answer(_ common: CommonFields, shape: AnswerShape, input: PromptInput?) async throws -> Response {
        let keepAlive = try service.keepAlive(common.keepAlive)
        if common.format != nil { throw ServiceError.notYet("format", "structured output") }
        let options = try Self.options(common)
        let wanted = service.wanted(common.model)
        guard let input else {
            return keepAlive == .zero
                ? unload(wanted, shape: shape) : try await load(wanted, keepAlive: keepAlive, shape: shape)
        }
        let order = TurnOrder(wanted: wanted, keepAlive: keepAlive, inputs: [input], options: [options])
        let responder = await responder(.lines) { started in
            OllamaEncoder(
                shape: shape, model: started.modelName, requested: started.requested, waited: started.waited)
        }
        return common.stream ? try await responder.stream(order) : try await responder.whole(order)
    }

    private func load(
        _ wanted: WantedModel<CatalogModel>, keepAlive: KeepAlive?, shape: AnswerShape
    ) async throws -> Response {
        let requested = ContinuousClock.now
        let watch = await ClientWatch.of(context.channel)
        let model = try await withInterruptions([watch.gone]) { [service] in
            try await service.residency.withLease(wanted, keepAlive: keepAlive) { $0.admission.model.name }
        }
        let encoder = OllamaEncoder(
            shape: shape, model: model, requested: requested, waited: requested.duration(to: .now))
        return .json(encoder.status("load"))
    }

    /// The answer is the same whether or not the model was resident, as in Ollama.
    private func unload(_ wanted: WantedModel<CatalogModel>, shape: AnswerShape) -> Response {
        let resident = service.residency.status.resident?.model.name
        service.residency.unload(wanted)
        let model: String =
            if case .model(let model) = wanted { model.name } else { resident ?? "" }
        return .json(
            OllamaEncoder(shape: shape, model: model, requested: .now, waited: .zero).status("unload"))
    }

    private static func message(_ message: ChatRequest.Message) -> ConversationMessage {
        let role = ConversationMessage.Role(rawValue: message.role) ?? .user
        return ConversationMessage(
            role: role, content: .string(message.content), reasoning: message.thinking, toolCalls: message.toolCalls,
            name: message.toolName)
    }

    /// Ollama's own defaults; without a seed every answer is another one.
    private static func options(_ common: CommonFields) throws(SamplingError) -> GenerationOptions {
        let fields = common.options
        let window = fields.repeatLastN ?? 64
        let seed = fields.seed.flatMap { $0 == -1 ? nil : UInt64(bitPattern: Int64($0)) }
        let sampling = try SamplingParameters(
            temperature: Float(fields.temperature ?? 0.8), topK: fields.topK ?? 40, topP: Float(fields.topP ?? 0.9),
            minP: Float(fields.minP ?? 0), repetitionPenalty: Float(fields.repeatPenalty ?? 1.1),
            repetitionWindow: window < 0 ? Sampling.Limits.repetitionWindow.upperBound : window,
            presencePenalty: Float(fields.presencePenalty ?? 0),
            frequencyPenalty: Float(fields.frequencyPenalty ?? 0), seed: seed ?? .random(in: .min ... .max))
        let count = fields.numPredict ?? -1
        return GenerationOptions(
            maximumTokens: count < 0 ? nil : count, stopStrings: fields.stop, sampling: sampling,
            includesReasoning: common.think)
    }
}
