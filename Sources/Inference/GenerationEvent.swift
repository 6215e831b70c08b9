/// What a turn tells its client, in order: any number of texts, then one `finished`.
public enum GenerationEvent: Sendable, Hashable {
    /// A piece of the answer: whole characters, no part of a stop string.
    case text(String)
    /// A piece of what the model thinks before it answers; only if the turn asked for it.
    case reasoning(String)
    /// The turn is complete.
    case finished(GenerationResult)
}

/// Why a turn ended by itself.
public enum FinishReason: String, Sendable, Hashable {
    /// The model ended its turn, or a stop string was met.
    case stop
    /// The token limit or the end of the context was reached.
    case length
}

/// What a complete turn used.
public struct GenerationResult: Sendable, Hashable {
    /// Why the turn ended.
    public var reason: FinishReason
    /// Tokens in the prompt.
    public var promptTokens: Int
    /// Of these, how many were already in the KV cache.
    public var cachedTokens: Int
    /// Tokens generated, the end-of-turn token included.
    public var completionTokens: Int
    /// Of these, how many were part of the reasoning span.
    public var reasoningTokens: Int
    /// From submission to the start of the prefill.
    public var queueDuration: Duration
    /// From the start of the prefill to the first token.
    public var prefillDuration: Duration
    /// From the first token to the last.
    public var decodeDuration: Duration

    /// A result; every count starts at nothing.
    public init(
        reason: FinishReason, promptTokens: Int = 0, cachedTokens: Int = 0, completionTokens: Int = 0,
        reasoningTokens: Int = 0, queueDuration: Duration = .zero, prefillDuration: Duration = .zero,
        decodeDuration: Duration = .zero
    ) {
        self.reason = reason
        self.promptTokens = promptTokens
        self.cachedTokens = cachedTokens
        self.completionTokens = completionTokens
        self.reasoningTokens = reasoningTokens
        self.queueDuration = queueDuration
        self.prefillDuration = prefillDuration
        self.decodeDuration = decodeDuration
    }
}

/// The events of one turn. Dropping the iteration, or cancelling the task that iterates, cancels the turn within one step.
///
/// The engine never waits for a reader: events not yet read are kept, and their number is bounded by the context.
public typealias GenerationStream = AsyncThrowingStream<GenerationEvent, any Error>
