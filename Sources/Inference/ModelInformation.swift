/// What a loaded model is, for status pages and logs.
public struct ModelInformation: Sendable, Hashable {
    /// Its name: the catalog entry's, or the file's.
    public var name: String
    /// `general.architecture`: `llama`, `qwen2`, `qwen3`.
    public var architecture: String
    /// Weights, counted.
    public var parameterCount: UInt64
    /// The longest sequence a turn may reach, in tokens: the model's own, or what was asked for, cut to what fits.
    public var contextLength: Int
    /// The longest sequence that the model was trained for, in tokens.
    public var trainedContextLength: Int
    /// Entries of the vocabulary.
    public var vocabularySize: Int
    /// Values of an embedding.
    public var embeddingLength: Int
    /// Whether the model can hold a conversation.
    public var hasChatTemplate: Bool
    /// Whether its template shows it tools.
    public var hasTools: Bool
    /// Whether its template knows a reasoning span.
    public var hasReasoning: Bool
    /// Whether it can fill a gap between a prefix and a suffix.
    public var canFillIn: Bool
    /// Memory, by what it is for.
    public var memory: MemoryNeed
    /// Whether the context is shorter than the one that was asked for, or than the model's own, because no longer one fits
    /// the memory budget.
    public var isContextCut = false
}

/// What a loaded model needs, in bytes.
public struct MemoryNeed: Sendable, Hashable {
    /// The mapped weights: the system's page cache, shared between processes.
    public var weights: UInt64
    /// The KV cache when it is full.
    public var cache: UInt64
    /// Buffers of the forward pass.
    public var scratch: UInt64

    /// All of it.
    public var total: UInt64 { weights + cache + scratch }

    /// A need, part by part.
    public init(weights: UInt64, cache: UInt64, scratch: UInt64) {
        self.weights = weights
        self.cache = cache
        self.scratch = scratch
    }
}
