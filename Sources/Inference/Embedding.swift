/// A text as one vector: near others of a like meaning, if the model was trained for that.
public struct Embedding: Sendable, Hashable {
    /// `[embedding]`, of length 1.
    public var values: [Float]
    /// Tokens of the text, boundary tokens included.
    public var promptTokens: Int

    /// An embedding.
    public init(values: [Float], promptTokens: Int) {
        self.values = values
        self.promptTokens = promptTokens
    }
}
