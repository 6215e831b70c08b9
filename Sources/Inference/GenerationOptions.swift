public import Sampling

/// How a turn is generated and when it ends.
public struct GenerationOptions: Sendable {
    /// The most tokens to generate; nil: as many as the context holds.
    public var maximumTokens: Int?
    /// Texts that end the turn; the matched text is not part of the answer.
    public var stopStrings: [String]
    /// How the next token is chosen.
    public var sampling: SamplingParameters
    /// Whether a model's end-of-turn token is ignored (for measuring speed).
    public var ignoresEndOfGeneration: Bool
    /// Whether the client sees the reasoning span (`<think>…</think>`); it is cut from the answer either way.
    public var includesReasoning: Bool

    /// Options; the defaults are those of the chat endpoint: greedy, 512 tokens.
    public init(
        maximumTokens: Int? = 512, stopStrings: [String] = [], sampling: SamplingParameters = .greedy,
        ignoresEndOfGeneration: Bool = false, includesReasoning: Bool = false
    ) {
        self.maximumTokens = maximumTokens
        self.stopStrings = stopStrings
        self.sampling = sampling
        self.ignoresEndOfGeneration = ignoresEndOfGeneration
        self.includesReasoning = includesReasoning
    }
}
