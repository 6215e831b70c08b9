public import OrderedJSON

/// One answer of a text completion, whole or a piece of it.
public struct TextChoice: Sendable, Hashable {
    /// Which answer: prompts in their order, each with all its answers.
    public var index: Int
    /// The text, or the next piece of it.
    public var text: String
    /// The tokens of the text; nil where none were asked for.
    public var scores: [TokenScore]?
    /// Characters (Unicode scalars) between the prompt's beginning and the text's.
    public var offset: Int
    /// `stop` or `length`; nil while more is to come.
    public var finishReason: String?

    /// An answer, or a piece of one.
    public init(
        index: Int, text: String, scores: [TokenScore]? = nil, offset: Int = 0, finishReason: String? = nil
    ) {
        self.index = index
        self.text = text
        self.scores = scores
        self.offset = offset
        self.finishReason = finishReason
    }

    fileprivate var json: JSON {
        [
            "text": .string(text), "index": JSON(index),
            "logprobs": scores.map { TokenScore.completion($0, offset: offset) } ?? .null,
            "finish_reason": finishReason.map { .string($0) } ?? .null,
        ]
    }
}

extension CompletionIdentity {
    /// The whole answer to a text completion.
    public func textCompletion(_ choices: [TextChoice], usage: Usage) -> JSON {
        json(object: "text_completion", choices: choices.map(\.json), usage: usage.json)
    }

    /// One chunk of a stream; its object has the same name as the whole answer's.
    ///
    /// - Parameter includesUsage: whether the client asked for a usage chunk; all other chunks then say `"usage": null`.
    public func textChunk(_ choice: TextChoice, includesUsage: Bool) -> JSON {
        json(object: "text_completion", choices: [choice.json], usage: includesUsage ? .null : nil)
    }

    /// The chunk that carries the usage; its `choices` are there and empty.
    public func textUsageChunk(_ usage: Usage) -> JSON {
        json(object: "text_completion", choices: [], usage: usage.json)
    }
}
