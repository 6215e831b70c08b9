public import OrderedJSON

/// What a turn used, in tokens.
public struct Usage: Sendable, Hashable {
    /// Tokens of the prompt.
    public var promptTokens: Int
    /// Of these, how many came from a cache.
    public var cachedTokens: Int
    /// Tokens generated.
    public var completionTokens: Int
    /// Of these, how many were thinking.
    public var reasoningTokens: Int

    /// A usage; nothing unless told otherwise.
    public init(promptTokens: Int = 0, cachedTokens: Int = 0, completionTokens: Int = 0, reasoningTokens: Int = 0) {
        self.promptTokens = promptTokens
        self.cachedTokens = cachedTokens
        self.completionTokens = completionTokens
        self.reasoningTokens = reasoningTokens
    }

    /// The `usage` object.
    public var json: JSON {
        [
            "prompt_tokens": JSON(promptTokens), "completion_tokens": JSON(completionTokens),
            "total_tokens": JSON(promptTokens + completionTokens),
            "prompt_tokens_details": ["cached_tokens": JSON(cachedTokens)],
            "completion_tokens_details": ["reasoning_tokens": JSON(reasoningTokens)],
        ]
    }
}

extension JSON {
    init(_ count: Int) { self = .integer(Int64(count)) }
}
