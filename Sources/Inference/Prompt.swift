public import Tokenization

/// What a turn continues: tokens, and what is known of the answer's beginning.
public struct Prompt: Sendable, Hashable {
    /// The tokens, boundary tokens included.
    public var tokens: [Token]
    /// Whether the answer goes on with the prompt's own text, so that its first piece keeps its space.
    var continuesText: Bool
    /// Whether a `<think>` span in the answer is reasoning.
    var hasReasoning: Bool
    /// Whether the prompt itself has opened that span.
    var startsInsideReasoning: Bool

    /// A prompt of bare tokens, whose continuation is taken as it comes.
    public init(tokens: [Token]) {
        self.init(tokens: tokens, continuesText: true, hasReasoning: false, startsInsideReasoning: false)
    }

    init(tokens: [Token], continuesText: Bool, hasReasoning: Bool, startsInsideReasoning: Bool) {
        self.tokens = tokens
        self.continuesText = continuesText
        self.hasReasoning = hasReasoning
        self.startsInsideReasoning = startsInsideReasoning
    }
}
