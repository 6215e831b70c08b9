public import OrderedJSON

/// Which of the two endpoints an answer is for: they differ in where the text stands.
public enum AnswerShape: Sendable, Hashable {
    /// `/api/chat`: `message.content`.
    case chat
    /// `/api/generate`: `response`.
    case generate
}

/// One line of an answer, or the whole of one that is not streamed.
public struct AnswerLine: Sendable, Hashable {
    /// Which endpoint it is for.
    public var shape: AnswerShape
    /// The model that really answers.
    public var model: String
    /// When it was made, RFC 3339.
    public var createdAt: String
    /// The text that it adds.
    public var text: String
    /// The thinking that it adds.
    public var thinking: String?
    /// The tokens of the text, where they were asked for.
    public var logProbabilities: [TokenScore]
    /// In the last line: how the turn went.
    public var statistics: TurnStatistics?

    /// A line.
    public init(
        shape: AnswerShape, model: String, createdAt: String, text: String, thinking: String? = nil,
        logProbabilities: [TokenScore] = [], statistics: TurnStatistics? = nil
    ) {
        self.shape = shape
        self.model = model
        self.createdAt = createdAt
        self.text = text
        self.thinking = thinking
        self.logProbabilities = logProbabilities
        self.statistics = statistics
    }

    /// The object.
    public var json: JSON {
        var json = ObjectBuilder()
        json["model"] = .string(model)
        json["created_at"] = .string(createdAt)
        switch shape {
        case .chat:
            var message = ObjectBuilder()
            message["role"] = "assistant"
            message["content"] = .string(text)
            message["thinking"] = thinking.map { .string($0) }
            json["message"] = message.json
        case .generate:
            json["response"] = .string(text)
            json["thinking"] = thinking.map { .string($0) }
        }
        json["done"] = .bool(statistics != nil)
        if !logProbabilities.isEmpty { json["logprobs"] = .array(logProbabilities.map(\.json)) }
        guard let statistics else { return json.json }
        json["done_reason"] = .string(statistics.reason)
        json["context"] = statistics.context.isEmpty ? nil : .array(statistics.context.map { .integer(Int64($0)) })
        json.count("total_duration", statistics.totalNanoseconds)
        json.count("load_duration", statistics.loadNanoseconds)
        json.count("prompt_eval_count", Int64(statistics.promptTokens))
        json.count("prompt_eval_duration", statistics.promptNanoseconds)
        json.count("eval_count", Int64(statistics.generatedTokens))
        json.count("eval_duration", statistics.generationNanoseconds)
        json.count("dropped_messages", Int64(statistics.droppedMessages))
        return json.json
    }

    /// The body of an error answer, and the last line of a stream that broke.
    public static func error(_ message: String) -> JSON { ["error": .string(message)] }
}
