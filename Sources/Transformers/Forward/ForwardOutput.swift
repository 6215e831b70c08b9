/// What a step gave: rows of `vocabularySize` logits, or of `embedding` hidden values, for the tokens that wanted some.
/// The rows may be written to (samplers work in place) and are valid until the next step in the same context.
public struct ForwardOutput {
    private let logits: Rows
    private let hidden: Rows

    /// Rows of one kind, those of an entry after those of the entries before it.
    private struct Rows {
        let base: UnsafeMutablePointer<Float>
        let width: Int
        /// The row after each entry's last one.
        let ends: [Int]

        init(base: UnsafeMutablePointer<Float>, width: Int, counts: [Int]) {
            self.base = base
            self.width = width
            var end = 0
            ends = counts.map { count in
                end += count
                return end
            }
        }

        var count: Int { ends.last ?? 0 }

        subscript(row: Int) -> UnsafeMutableBufferPointer<Float> {
            precondition((0..<count).contains(row), "row \(row) of \(count) rows")
            return UnsafeMutableBufferPointer(start: base + row * width, count: width)
        }

        func range(ofEntry index: Int) -> Range<Int> {
            (index == 0 ? 0 : ends[index - 1])..<ends[index]
        }
    }

    init(_ batch: Batch, in context: ForwardContext, shape: Hyperparameters) {
        logits = Rows(
            base: context.buffers.logits, width: shape.vocabularySize, counts: batch.entries.map(\.logitCount))
        hidden = Rows(
            base: context.buffers.hidden, width: shape.embedding, counts: batch.entries.map(\.hiddenCount))
    }

    /// Rows of logits of all entries.
    public var count: Int { logits.count }

    /// A row of logits, counted over all entries.
    public subscript(row: Int) -> UnsafeMutableBufferPointer<Float> { logits[row] }

    /// The rows of logits of an entry of the batch.
    public func rows(ofEntry index: Int) -> Range<Int> { logits.range(ofEntry: index) }

    /// The hidden rows (`[embedding]` each) of an entry: the residual stream after the last layer and the output norm.
    public func hiddenRows(ofEntry index: Int) -> [UnsafeMutableBufferPointer<Float>] {
        hidden.range(ofEntry: index).map { hidden[$0] }
    }
}
