public import OrderedJSON

/// The answer of `POST /api/embed`. Durations in nanoseconds; zeros are left out, as Ollama does.
public struct EmbedAnswer: Sendable, Hashable {
    /// The model that really answers.
    public var model: String
    /// One vector for each text, in their order.
    public var embeddings: [[Float]]
    /// From the request to its end.
    public var totalNanoseconds: Int64
    /// Waiting for the model.
    public var loadNanoseconds: Int64
    /// Tokens of all texts together.
    public var promptTokens: Int

    /// An answer; without vectors for a request that only loads or unloads.
    public init(
        model: String, embeddings: [[Float]] = [], totalNanoseconds: Int64 = 0, loadNanoseconds: Int64 = 0,
        promptTokens: Int = 0
    ) {
        self.model = model
        self.embeddings = embeddings
        self.totalNanoseconds = totalNanoseconds
        self.loadNanoseconds = loadNanoseconds
        self.promptTokens = promptTokens
    }

    /// The object.
    public var json: JSON {
        var json = ObjectBuilder()
        json["model"] = .string(model)
        json["embeddings"] = .array(embeddings.map(Self.vector))
        json.count("total_duration", totalNanoseconds)
        json.count("load_duration", loadNanoseconds)
        json.count("prompt_eval_count", Int64(promptTokens))
        return json.json
    }

    /// The object of the older `/api/embeddings`, which knows one vector only.
    public var older: JSON { ["embedding": Self.vector(embeddings.first ?? [])] }

    private static func vector(_ values: [Float]) -> JSON { .array(values.map { .number(Double($0)) }) }
}
