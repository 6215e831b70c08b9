/// The logits of a step, one row of `vocabularySize` floats for each token that wanted some. The rows may be written to
/// (samplers work in place) and are valid until the next step in the same context.
public struct Logits {
    let base: UnsafeMutablePointer<Float>
    let vocabularySize: Int
    let firstRows: [Int]

    /// Rows of all entries.
    public let count: Int

    init(_ batch: Batch, base: UnsafeMutablePointer<Float>, vocabularySize: Int) {
        self.base = base
        self.vocabularySize = vocabularySize
        var firstRows: [Int] = []
        var row = 0
        for entry in batch.entries {
            firstRows.append(row)
            row += entry.logitCount
        }
        self.firstRows = firstRows
        count = row
    }

    /// A row, counted over all entries.
    public subscript(row: Int) -> UnsafeMutableBufferPointer<Float> {
        precondition((0..<count).contains(row), "row \(row) of \(count) rows of logits")
        return UnsafeMutableBufferPointer(start: base + row * vocabularySize, count: vocabularySize)
    }

    /// The rows of an entry of the batch.
    public func rows(ofEntry index: Int) -> Range<Int> {
        firstRows[index]..<(index + 1 < firstRows.count ? firstRows[index + 1] : count)
    }
}
