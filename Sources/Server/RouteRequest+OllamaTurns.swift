import Hummingbird
import Inference
import NIOCore
import OllamaWire
import OrderedCollections
import OrderedJSON
import Residency
import Sampling

extension RouteRequest {
    /// `POST /api/chat`.
    func ollamaChat() async throws -> Response {
        let chat = try await ChatRequest(body())
        let conversation = Conversation(
            chat.messages.map(Self.message), tools: chat.tools, enablesThinking: chat.common.think != .off,
            templateVariables: Self.templateVariables(chat.common))
        return try await answer(
            chat.common, shape: .chat, input: chat.messages.isEmpty ? nil : .conversation(conversation))
    }

    /// `POST /api/generate`.
    func ollamaGenerate() async throws -> Response {
        let generate = try await GenerateRequest(body())
        return try await answer(
            generate.common, shape: .generate, input: Self.input(generate),
            // A model without a chat template goes on from the text, as with Ollama's default template.
            templateless: .text(generate.prompt), givesContext: !generate.raw)
    }

    /// What the model is to continue; nil where there is nothing.
    private static func input(_ generate: GenerateRequest) throws(ServiceError) -> PromptInput? {
        guard generate.template.isEmpty else {
            throw ServiceError(
                .badRequest,
                "template: a model answers with its own template here; leave the field out, or render the "
                    + "prompt yourself and send it with \"raw\": true", code: "unsupported_parameter", param: "template"
            )
        }
        let hasPast = !generate.system.isEmpty || !generate.context.isEmpty
        if generate.raw, hasPast {
            throw ServiceError(
                .badRequest, "raw mode does not support template, system, or context", param: "raw")
        }
        guard generate.suffix.isEmpty else {
            guard !hasPast else {
                throw ServiceError(
                    .badRequest, "suffix: a gap is filled from what stands around it; leave system and context out",
                    param: "suffix")
            }
            return .fillIn(prefix: generate.prompt, suffix: generate.suffix)
        }
        guard !generate.prompt.isEmpty else { return nil }
        guard !generate.raw else { return .text(generate.prompt) }
        var messages: [ConversationMessage] = []
        if !generate.system.isEmpty { messages.append(ConversationMessage(.system, generate.system)) }
        messages.append(ConversationMessage(.user, generate.prompt))
        let conversation = Conversation(
            messages, enablesThinking: generate.common.think != .off,
            templateVariables: templateVariables(generate.common))
        return .conversation(conversation, after: generate.context)
    }

    /// Runs a turn; without input it loads the model, or with `keep_alive` 0 unloads it.
    private func answer(
        _ common: CommonFields, shape: AnswerShape, input: PromptInput?, templateless: PromptInput? = nil,
        givesContext: Bool = false
    ) async throws -> Response {
        let keepAlive = try service.keepAlive(common.keepAlive)
        if common.format != nil { throw ServiceError.notYet("format", "structured output") }
        let options = try Self.options(common)
        let wanted = service.wanted(common.model)
        guard let input else {
            return keepAlive == .zero
                ? unload(wanted, named: common.model, shape: shape)
                : try await load(wanted, keepAlive: keepAlive, shape: shape)
        }
        let order = TurnOrder(
            wanted: wanted, keepAlive: keepAlive, inputs: [input], templateless: templateless,
            truncates: common.truncate, options: [options],
            inputField: shape == .chat ? "messages" : "prompt")
        let responder = await responder(.lines) { started in
            OllamaEncoder(shape: shape, started: started, givesContext: givesContext)
        }
        return common.stream ? try await responder.stream(order) : try await responder.whole(order)
    }

    private static func message(_ message: ChatRequest.Message) -> ConversationMessage {
        let role = ConversationMessage.Role(rawValue: message.role) ?? .user
        return ConversationMessage(
            role: role, content: .string(message.content), reasoning: message.thinking, toolCalls: message.toolCalls,
            toolCallID: message.toolCallID, name: message.toolName)
    }

    /// How much a model is to think, under the name that templates with such levels read.
    private static func templateVariables(_ common: CommonFields) -> OrderedDictionary<String, JSON> {
        guard case .level(let level) = common.think else { return [:] }
        return ["reasoning_effort": .string(level == "max" ? "high" : level)]
    }

    /// Ollama's own defaults; without a seed every answer is another one. A model that can think does so, unless it is
    /// told not to.
    private static func options(_ common: CommonFields) throws(SamplingError) -> GenerationOptions {
        let fields = common.options
        let window = fields.repeatLastN ?? 64
        let seed = fields.seed.flatMap { $0 == -1 ? nil : UInt64(bitPattern: Int64($0)) }
        let sampling: SamplingParameters
        do {
            sampling = try SamplingParameters(
                temperature: Float(fields.temperature ?? 0.8), topK: fields.topK ?? 40, topP: Float(fields.topP ?? 0.9),
                minP: Float(fields.minP ?? 0), repetitionPenalty: Float(fields.repeatPenalty ?? 1.1),
                repetitionWindow: window < 0 ? Sampling.Limits.repetitionWindow.upperBound : window,
                presencePenalty: Float(fields.presencePenalty ?? 0),
                frequencyPenalty: Float(fields.frequencyPenalty ?? 0), seed: seed ?? .random(in: .min ... .max))
        } catch {
            throw error.finding([
                "temperature": fields.temperature, "min_p": fields.minP, "repeat_penalty": fields.repeatPenalty,
                "presence_penalty": fields.presencePenalty, "frequency_penalty": fields.frequencyPenalty,
            ])
        }
        let count = fields.numPredict ?? -1
        return GenerationOptions(
            maximumTokens: count > 0 ? count : nil, stopStrings: fields.stop, sampling: sampling,
            includesReasoning: common.think != .off, logProbabilities: common.logProbabilities)
    }
}
