/// What the last line of an answer says about the turn. Durations in nanoseconds; zeros are left out, as Ollama does.
public struct TurnStatistics: Sendable, Hashable {
    /// `stop`, `length`, `load` or `unload`.
    public var reason: String
    /// From the request to its end.
    public var totalNanoseconds: Int64
    /// Waiting for the model.
    public var loadNanoseconds: Int64
    /// Tokens of the prompt.
    public var promptTokens: Int
    /// Reading the prompt.
    public var promptNanoseconds: Int64
    /// Tokens generated.
    public var generatedTokens: Int
    /// Generating them.
    public var generationNanoseconds: Int64
    /// The tokens of the conversation so far; `/api/generate` only, and not with `raw`.
    public var context: [Int32]
    /// Messages that were left out of the conversation so that the rest fits: conifer's own field, to tell of it.
    public var droppedMessages: Int

    /// Statistics; nothing unless told otherwise.
    public init(
        reason: String, totalNanoseconds: Int64 = 0, loadNanoseconds: Int64 = 0, promptTokens: Int = 0,
        promptNanoseconds: Int64 = 0, generatedTokens: Int = 0, generationNanoseconds: Int64 = 0,
        context: [Int32] = [], droppedMessages: Int = 0
    ) {
        self.reason = reason
        self.totalNanoseconds = totalNanoseconds
        self.loadNanoseconds = loadNanoseconds
        self.promptTokens = promptTokens
        self.promptNanoseconds = promptNanoseconds
        self.generatedTokens = generatedTokens
        self.generationNanoseconds = generationNanoseconds
        self.context = context
        self.droppedMessages = droppedMessages
    }
}
