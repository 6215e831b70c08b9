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

        /// `[rows, embedding]`: hidden rows that were asked for. They lie where the layers have their updates, which
        /// nobody reads after the last layer.
        var hidden: UnsafeMutablePointer<Float> { update }
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
        let sizes = Self.sizes(shape, rows: maximumRows, logitRows: maximumLogitRows)
        let byteCount = sizes.reduce(0, +)
        guard let memory = MappedMemory(byteCount: byteCount) else {
            throw ModelError(
                .noMemory, path: model.file.name, field: "working memory",
                problem: "the system gave no \(byteCount) bytes", advice: "free some memory, or use a smaller model")
        }
        self.memory = memory
        var offset = 0
        func next(_ index: Int) -> UnsafeMutablePointer<Float> {
            defer { offset += sizes[index] }
            return (memory.base + offset).bindMemory(to: Float.self, capacity: sizes[index] / 4)
        }
        buffers = Buffers(
            residual: next(0), normed: next(1), update: next(2), query: next(3), key: next(4), value: next(5),
            gate: next(6), up: next(7), logits: next(8))
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
        sizes(shape, rows: maximumRows, logitRows: maximumLogitRows).reduce(0, +)
    }

    /// Bytes of each buffer, each a multiple of a page so that what is not touched stays out of memory.
    private static func sizes(_ shape: Hyperparameters, rows: Int, logitRows: Int) -> [Int] {
        let keyWidth = shape.keyValueHeads * shape.headDimension
        let widths = [
            shape.embedding, shape.embedding, shape.embedding, shape.heads * shape.headDimension, keyWidth, keyWidth,
            shape.feedForward, shape.feedForward,
        ]
        let floats = widths.map { $0 * rows } + [shape.vocabularySize * logitRows]
        return floats.map { ($0 * 4 + 4095) / 4096 * 4096 }
    }
}
