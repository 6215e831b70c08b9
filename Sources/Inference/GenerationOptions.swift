public import Sampling

/// How a turn is generated and when it ends.
public struct GenerationOptions: Sendable {
    /// The most tokens to generate; nil: as many as the context holds. With 0 only the prompt is computed.
    public var maximumTokens: Int?
    /// Texts that end the turn; the matched text is not part of the answer.
    public var stopStrings: [String]
    /// How the next token is chosen.
    public var sampling: SamplingParameters
    /// Whether a model's end-of-turn token is ignored (for measuring speed).
    public var ignoresEndOfGeneration: Bool
    /// Whether the client sees the reasoning span (`<think>…</think>`); it is cut from the answer either way.
    public var includesReasoning: Bool
    /// How many alternatives (0 to 20) are reported for each token beside its own log-probability; nil: nothing is.
    public var logProbabilities: Int?
    /// Whether the prompt's tokens are scored too: the first event is then `prompt`. Nothing of such a prompt is taken
    /// from the KV cache.
    public var scoresPrompt: Bool

    /// Options; the defaults are those of the chat endpoint: greedy, 512 tokens.
    public init(
        maximumTokens: Int? = 512, stopStrings: [String] = [], sampling: SamplingParameters = .greedy,
        ignoresEndOfGeneration: Bool = false, includesReasoning: Bool = false,
        logProbabilities: Int? = nil, scoresPrompt: Bool = false
    ) {
        self.maximumTokens = maximumTokens
        self.stopStrings = stopStrings
        self.sampling = sampling
        self.ignoresEndOfGeneration = ignoresEndOfGeneration
        self.includesReasoning = includesReasoning
        self.logProbabilities = logProbabilities
        self.scoresPrompt = scoresPrompt
    }
}
