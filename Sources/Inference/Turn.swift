internal import Tokenization
internal import Transformers

/// A turn that has its place in the KV cache.
struct Turn {
    let id: Int
    let request: TurnRequest
    let sequence: CachedSequence
    /// KV cache blocks that the turn may come to use: what admission has set aside for it.
    let blocks: Int
    /// What is made of the steps' results.
    let work: any TurnWork
    /// Tokens not yet in the KV cache: the rest of the prompt, then the one token that was chosen last.
    var pending: ArraySlice<Token>
    var isDecoding = false

    /// Opens the turn's sequence. Where rows of all tokens are wanted nothing is taken from the cache: it has no rows.
    init(_ request: TurnRequest, id: Int, blocks: Int, cache: KVCache) {
        self.id = id
        self.request = request
        self.blocks = blocks
        let wantsAllRows =
            switch request.purpose {
            case .generation(let order): order.options.scoresPrompt
            case .embedding(let order): order.pooling != .last
            }
        sequence = cache.open(wantsAllRows ? [] : request.prompt.tokens)
        pending = request.prompt.tokens[sequence.count...]
        work =
            switch request.purpose {
            case .generation(let order): GenerationWork(order, of: request, cachedTokens: sequence.reusedCount)
            case .embedding(let order): EmbeddingWork(order, promptTokens: request.prompt.tokens.count)
            }
    }
}

/// What a turn makes of the results of its steps. Owned by the engine's thread.
protocol TurnWork: AnyObject {
    /// Whether every token of the prompt gets logits.
    var scoresPrompt: Bool { get }

    /// The turn's part of a step.
    func entry(_ sequence: CachedSequence, _ tokens: ArraySlice<Token>, completesPrompt: Bool) -> Batch.Entry

    /// Takes what a step gave for `entry`, the turn's part of it.
    func take(_ output: ForwardOutput, entry: Int, completesPrompt: Bool) throws -> TurnProgress
}

/// Where a turn stands after a step.
enum TurnProgress {
    /// There is more of the prompt.
    case prefilling
    /// It goes on with this token.
    case next(Token)
    /// It is over, and its client knows.
    case over
}
