internal import GGUF
public import Tensors

/// What steps of one model need beside its weights: kernels, threads and working memory. Made once after a load, used by
/// the engine's thread; its memory goes back to the system with it.
public final class ForwardContext {
    /// The most tokens of a step.
    public let maximumRows: Int
    /// The most rows of logits of a step.
    public let maximumLogitRows: Int
    /// The kernels that run.
    public let level: KernelLevel

    let multiplier: MatrixMultiplier
    let operations: VectorOperations
    let attention: Attention
    let pool: ThreadPool
    var turns: RotaryTurns
    let buffers: Buffers
    private let memory: MappedMemory

    /// Working memory of a step, all `[rows, …]`.
    ///
    /// Attention and feed-forward follow one another in the same places: `gate` lies where `query`, `key` and `value` do,
    /// and `update` where `up` does, which nobody reads any more when the update is made of the gates.
    struct Buffers {
        /// `[rows, embedding]`: the residual stream.
        let residual: UnsafeMutablePointer<Float>
        /// `[rows, embedding]`: normalised input of a part of a layer.
        let normed: UnsafeMutablePointer<Float>
        /// `[rows, embedding]`: what a part of a layer adds to the residual stream.
        let update: UnsafeMutablePointer<Float>
        /// `[rows, heads, headDimension]`: queries, then what attention makes of them.
        let query: UnsafeMutablePointer<Float>
        /// `[rows, keyValueHeads, headDimension]`.
        let key: UnsafeMutablePointer<Float>
        /// `[rows, keyValueHeads, headDimension]`.
        let value: UnsafeMutablePointer<Float>
        /// `[rows, feedForward]`: gates, then their products with `up`.
        let gate: UnsafeMutablePointer<Float>
        /// `[rows, feedForward]`.
        let up: UnsafeMutablePointer<Float>
        /// `[logitRows, vocabularySize]`.
        let logits: UnsafeMutablePointer<Float>

        /// Where the products of a layer's projections go, those of one job together.
        let attentionInputs: [UnsafeMutablePointer<Float>]
        let feedForwardInputs: [UnsafeMutablePointer<Float>]
        let updates: [UnsafeMutablePointer<Float>]

        /// `[rows, embedding]`: hidden rows that were asked for. They lie where the layers have their updates, which
        /// nobody reads after the last layer.
        var hidden: UnsafeMutablePointer<Float> { update }

        /// Lays the buffers out from `base` on.
        fileprivate init(_ base: UnsafeMutableRawPointer, _ sizes: Sizes) {
            let all = base.bindMemory(to: Float.self, capacity: sizes.total / 4)
            func floats(at offset: Int) -> UnsafeMutablePointer<Float> { all + offset / 4 }
            residual = floats(at: 0)
            normed = floats(at: sizes.stream)
            query = floats(at: 2 * sizes.stream)
            key = floats(at: 2 * sizes.stream + sizes.query)
            value = floats(at: 2 * sizes.stream + sizes.query + sizes.key)
            gate = query
            up = floats(at: 2 * sizes.stream + sizes.first)
            update = up
            logits = floats(at: 2 * sizes.stream + sizes.first + sizes.second)
            attentionInputs = [query, key, value]
            feedForwardInputs = [gate, up]
            updates = [update]
        }
    }

    /// Bytes of the buffers, each a multiple of a page so that what is not touched stays out of memory.
    fileprivate struct Sizes {
        let stream: Int
        let query: Int
        let key: Int
        /// Of queries, keys and values, or of gates.
        let first: Int
        /// Of a layer's update, or of what the gates are multiplied with.
        let second: Int
        let logits: Int

        init(_ shape: Hyperparameters, rows: Int, logitRows: Int) {
            func bytes(_ rows: Int, _ width: Int) -> Int { (rows * width * 4 + 4095) / 4096 * 4096 }
            stream = bytes(rows, shape.embedding)
            query = bytes(rows, shape.heads * shape.headDimension)
            key = bytes(rows, shape.keyValueHeads * shape.headDimension)
            let feedForward = bytes(rows, shape.feedForward)
            first = max(query + 2 * key, feedForward)
            second = max(stream, feedForward)
            logits = bytes(logitRows, shape.vocabularySize)
        }

        var total: Int { 2 * stream + first + second + logits }
    }

    /// A context for steps of at most so many tokens and rows of logits. Throws if the system gives no memory.
    ///
    /// - Parameters:
    ///   - pool: the threads that work on a step; at most one step at a time.
    ///   - level: kernels that this machine runs (`KernelLevel.chosen()`).
    public init(
        for model: TransformerModel, pool: ThreadPool, level: KernelLevel = .best, maximumRows: Int = 512,
        maximumLogitRows: Int = 64
    ) throws(ModelError) {
        precondition(
            Limits.batchRows.contains(maximumRows) && (1...maximumRows).contains(maximumLogitRows),
            "a step has \(Limits.batchRows) rows, and logits for at most all of them")
        let shape = model.hyperparameters
        let sizes = Sizes(shape, rows: maximumRows, logitRows: maximumLogitRows)
        let byteCount = sizes.total
        guard let memory = MappedMemory(byteCount: byteCount) else {
            throw ModelError(
                .noMemory, path: model.file.name, field: "working memory",
                problem: "the system gave no \(byteCount) bytes", advice: "free some memory, or use a smaller model")
        }
        self.memory = memory
        buffers = Buffers(memory.base, sizes)
        self.maximumRows = maximumRows
        self.maximumLogitRows = maximumLogitRows
        self.level = level
        self.pool = pool
        multiplier = MatrixMultiplier(pool: pool, level: level)
        operations = VectorOperations(pool: pool, level: level)
        attention = Attention(
            pool: pool, layout: shape.cacheLayout, heads: shape.heads, scale: shape.attentionScale, level: level)
        turns = RotaryTurns(table: model.rotaryTable)
    }

    /// Bytes that a context maps; pages of it exist once a step is large enough to touch them.
    public static func byteCount(
        _ shape: Hyperparameters, maximumRows: Int = 512, maximumLogitRows: Int = 64
    ) -> Int {
        Sizes(shape, rows: maximumRows, logitRows: maximumLogitRows).total
    }
}
