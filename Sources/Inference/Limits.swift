/// The bounds of this module, each with its reason.
enum Limits {
    /// Rows of one forward pass: more no longer makes a prefill faster, and fewer keep the scratch memory small.
    static let rowsPerStep = 512
    /// What prefill may take of a step that also decodes: the gap between two tokens stays below 250 ms with room for the
    /// step's own decoding, and for a processor that its neighbours slow down meanwhile.
    static let prefillShare = Duration.milliseconds(125)
    /// What a product of attention costs, of one of a quantised matrix: 16-bit integers beside 8-bit ones.
    static let attentionCost = 2.0
    /// What prefill may cost in the first such step, before any speed has been measured: so many tokens at a prompt's
    /// beginning.
    static let firstPrefillBound = 32.0
    /// The shortest context worth loading a model for; a budget that leaves less is too small.
    static let shortestContext = 256
    /// Turns at once: each has logits of its own (600 KiB for a vocabulary of 150,000).
    static let parallelTurns = 1...64
    /// The KV cache may take this part of the memory that weights and scratch leave, or one full context if that is
    /// more: blocks of ended turns are kept for reuse, and should not fill the machine.
    static let cacheShare = 4
    /// Rows of logits of one step: one for each turn, and what is left for a prompt that is scored.
    static let logitRowsPerStep = parallelTurns.upperBound
    /// Rows of logits of one step when a text is scored: 64 are 39 MB for a vocabulary of 150,000.
    static let scoredRows = 64
    /// Alternatives reported for each token: as many as OpenAI's API has at most.
    static let alternatives = 0...20
    /// Embeddings of one call that are in the engine at once: enough to fill a step with short texts, and few enough
    /// that other turns come in between.
    static let embeddingsAtOnce = 8
    /// Engine threads: more than any machine this runs on has cores.
    static let threads = 1...512
    /// The thread stack of the engine: the forward pass is shallow, templates do not run there.
    static let engineStackBytes = 1 << 20
}
