internal import Catalog
internal import Inference
internal import OrderedCollections
internal import OrderedJSON
internal import Sampling

/// Who answers in `conifer run`: a server that is running here, or a model loaded into this process.
protocol ChatBackend: Sendable {
    /// Answers a conversation; `receive` gets the answer piece by piece.
    func answer(
        _ messages: [ConversationMessage], _ settings: ChatSettings, receive: (String) -> Void
    ) async throws -> ChatAnswer

    /// Gives back what the backend holds.
    func close() async
}

/// How `conifer run` wants its answers.
struct ChatSettings: Sendable {
    var temperature: Double
    var maximumTokens: Int
    var seed: Int
}

/// A complete answer.
struct ChatAnswer: Sendable {
    var model: String
    var text: String
    var finishReason: String
    var promptTokens: Int
    var completionTokens: Int

    /// What `conifer run --json` prints.
    var json: JSON {
        .object([
            "model": .string(model), "content": .string(text), "finish_reason": .string(finishReason),
            "usage": .object([
                "prompt_tokens": .integer(Int64(promptTokens)), "completion_tokens": .integer(Int64(completionTokens)),
            ]),
        ])
    }
}

/// A server, asked as any OpenAI client would.
struct ServerBackend: ChatBackend {
    let client: ServerClient
    let model: String

    func answer(
        _ messages: [ConversationMessage], _ settings: ChatSettings, receive: (String) -> Void
    ) async throws -> ChatAnswer {
        let body = JSON.object([
            "model": .string(model),
            "messages": .array(
                messages.map { .object(["role": .string($0.role.rawValue), "content": $0.content]) }),
            "temperature": .number(settings.temperature), "max_tokens": .integer(Int64(settings.maximumTokens)),
            "seed": .integer(Int64(settings.seed)), "stream": true, "stream_options": ["include_usage": true],
        ])
        var answer = ChatAnswer(model: model, text: "", finishReason: "stop", promptTokens: 0, completionTokens: 0)
        try await client.stream("/v1/chat/completions", body) { event in
            answer.model = event["model"]?.stringValue ?? answer.model
            let choice = event["choices"]?.arrayValue?.first
            if let text = choice?["delta"]?["content"]?.stringValue {
                answer.text += text
                receive(text)
            }
            answer.finishReason = choice?["finish_reason"]?.stringValue ?? answer.finishReason
            answer.promptTokens = event["usage"]?["prompt_tokens"]?.integerValue.map { Int($0) } ?? answer.promptTokens
            answer.completionTokens =
                event["usage"]?["completion_tokens"]?.integerValue.map { Int($0) } ?? answer.completionTokens
        }
        return answer
    }

    func close() async {}
}

/// A model in this process.
struct LocalBackend: ChatBackend {
    let model: LanguageModel

    func answer(
        _ messages: [ConversationMessage], _ settings: ChatSettings, receive: (String) -> Void
    ) async throws -> ChatAnswer {
        let options = GenerationOptions(
            maximumTokens: settings.maximumTokens,
            sampling: try SamplingParameters(
                temperature: Float(settings.temperature), seed: UInt64(bitPattern: Int64(settings.seed))))
        var answer = ChatAnswer(
            model: model.information.name, text: "", finishReason: "stop", promptTokens: 0, completionTokens: 0)
        let prompt = try model.prompt(.conversation(Conversation(messages)))
        for try await event in try model.generate(prompt, options: options) {
            switch event {
            case .text(let text, _):
                answer.text += text
                receive(text)
            case .prompt, .reasoning:
                break
            case .finished(let result):
                answer.finishReason = result.reason.rawValue
                answer.promptTokens = result.promptTokens
                answer.completionTokens = result.completionTokens
            }
        }
        return answer
    }

    func close() async {
        await model.unload()
    }
}
