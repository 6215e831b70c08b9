public import Tokenization

/// What a turn continues: tokens, and what the template knows about the answer's beginning.
public struct Prompt: Sendable, Hashable {
    /// The tokens, boundary tokens included.
    public var tokens: [Token]
    /// Whether a `<think>` span in the answer is reasoning.
    var hasReasoning: Bool
    /// Whether the prompt itself has opened that span.
    var startsInsideReasoning: Bool

    /// A prompt of bare tokens, whose continuation is taken as it comes.
    public init(tokens: [Token]) {
        self.init(tokens: tokens, hasReasoning: false, startsInsideReasoning: false)
    }

    init(tokens: [Token], hasReasoning: Bool, startsInsideReasoning: Bool) {
        self.tokens = tokens
        self.hasReasoning = hasReasoning
        self.startsInsideReasoning = startsInsideReasoning
    }
}
