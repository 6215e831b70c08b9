public import OrderedJSON

/// What all parts of one answer to a chat request share: they must be the same throughout a stream.
public struct CompletionIdentity: Sendable, Hashable {
    /// `chatcmpl-…`.
    public var id: String
    /// When it was made, in seconds since 1970.
    public var created: Int64
    /// The model that really answers.
    public var model: String

    /// An identity.
    public init(id: String, created: Int64, model: String) {
        self.id = id
        self.created = created
        self.model = model
    }

    func json(object: String, choices: [JSON], usage: JSON?) -> JSON {
        let json: JSON = [
            "id": .string(id), "object": .string(object), "created": .integer(created), "model": .string(model),
            "choices": .array(choices),
        ]
        return json.adding("usage", usage)
    }
}

/// One answer of a chat request that is not streamed.
public struct ChatChoice: Sendable, Hashable {
    /// The answer's text.
    public var content: String
    /// What the model thought, if it is to be shown.
    public var reasoning: String?
    /// The tokens of the answer's text; nil where none were asked for.
    public var scores: [TokenScore]?
    /// `stop` or `length`.
    public var finishReason: String

    /// An answer.
    public init(content: String, reasoning: String? = nil, scores: [TokenScore]? = nil, finishReason: String) {
        self.content = content
        self.reasoning = reasoning
        self.scores = scores
        self.finishReason = finishReason
    }

    fileprivate func json(index: Int) -> JSON {
        let message: JSON = ["role": "assistant", "content": .string(content), "refusal": .null]
        return [
            "index": JSON(index), "message": message.adding("reasoning_content", reasoning.map { .string($0) }),
            "logprobs": scores.map(TokenScore.chat) ?? .null, "finish_reason": .string(finishReason),
        ]
    }
}

extension CompletionIdentity {
    /// The whole answer, `chat.completion`.
    public func completion(_ choices: [ChatChoice], usage: Usage) -> JSON {
        json(
            object: "chat.completion", choices: choices.enumerated().map { $1.json(index: $0) }, usage: usage.json)
    }

    /// One chunk of a stream, `chat.completion.chunk`.
    ///
    /// - Parameters:
    ///   - scores: the tokens of a piece of content; nil where none were asked for.
    ///   - includesUsage: whether the client asked for a usage chunk; all other chunks then say `"usage": null`.
    public func chunk(
        _ delta: ChatDelta, choice: Int = 0, scores: [TokenScore]? = nil, includesUsage: Bool
    ) -> JSON {
        let finish: JSON =
            if case .finish(let reason) = delta { .string(reason) } else { .null }
        let choice: JSON = [
            "index": JSON(choice), "delta": delta.json, "logprobs": scores.map(TokenScore.chat) ?? .null,
            "finish_reason": finish,
        ]
        return json(object: "chat.completion.chunk", choices: [choice], usage: includesUsage ? .null : nil)
    }

    /// The chunk that carries the usage; its `choices` are there and empty.
    public func usageChunk(_ usage: Usage) -> JSON {
        json(object: "chat.completion.chunk", choices: [], usage: usage.json)
    }
}

/// What one chunk of a stream adds.
public enum ChatDelta: Sendable, Hashable {
    /// The first chunk of an answer.
    case role
    /// A piece of the answer.
    case content(String)
    /// A piece of the thinking.
    case reasoning(String)
    /// The answer is complete: `stop` or `length`.
    case finish(String)

    fileprivate var json: JSON {
        switch self {
        case .role: ["role": "assistant", "content": ""]
        case .content(let text): ["content": .string(text)]
        case .reasoning(let text): ["reasoning_content": .string(text)]
        case .finish: [:]
        }
    }
}
