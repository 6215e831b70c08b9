public import Tokenization

/// What a turn tells its client, in order: the prompt's scores if they were asked for, any number of texts, one
/// `finished`.
public enum GenerationEvent: Sendable, Hashable {
    /// How likely each token of the prompt was after those before it; the first has nothing before it. Only if the turn
    /// asked for it (`GenerationOptions.scoresPrompt`).
    case prompt([TokenLogProbability?])
    /// A piece of the answer: whole characters, no part of a stop string; empty at most where tokens without text come.
    /// The list is empty unless the turn asked for log-probabilities. A token whose text was held back comes with the text
    /// that releases it; one that a stop string cuts does not come, nor do those of the reasoning span.
    case text(String, [TokenLogProbability])
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
    /// What was generated, reasoning included, without the end-of-turn token: with the prompt's tokens, what a further
    /// turn can go on from.
    public var tokens: [Token]
    /// From submission to the start of the prefill.
    public var queueDuration: Duration
    /// From the start of the prefill to the first token.
    public var prefillDuration: Duration
    /// From the first token to the last.
    public var decodeDuration: Duration

    /// A result; every count starts at nothing.
    public init(
        reason: FinishReason, promptTokens: Int = 0, cachedTokens: Int = 0, completionTokens: Int = 0,
        reasoningTokens: Int = 0, tokens: [Token] = [], queueDuration: Duration = .zero,
        prefillDuration: Duration = .zero,
        decodeDuration: Duration = .zero
    ) {
        self.reason = reason
        self.promptTokens = promptTokens
        self.cachedTokens = cachedTokens
        self.completionTokens = completionTokens
        self.reasoningTokens = reasoningTokens
        self.tokens = tokens
        self.queueDuration = queueDuration
        self.prefillDuration = prefillDuration
        self.decodeDuration = decodeDuration
    }
}

/// The events of one turn. Dropping the iteration, or cancelling the task that iterates, cancels the turn within one step.
///
/// The engine never waits for a reader: events not yet read are kept, and their number is bounded by the context.
public typealias GenerationStream = AsyncThrowingStream<GenerationEvent, any Error>
