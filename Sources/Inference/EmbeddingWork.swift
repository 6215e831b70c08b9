internal import Tokenization
internal import Transformers

/// Computes an embedding: pools hidden rows as the chunks of the prompt come through.
final class EmbeddingWork: TurnWork {
    private let order: EmbeddingOrder
    private let promptTokens: Int
    /// The sum of the rows that count, token after token, so that it is the same however the prompt was cut.
    private var sum: [Double] = []

    init(_ order: EmbeddingOrder, promptTokens: Int) {
        self.order = order
        self.promptTokens = promptTokens
    }

    var scoresPrompt: Bool { false }

    func entry(_ sequence: CachedSequence, _ tokens: ArraySlice<Token>, completesPrompt: Bool) -> Batch.Entry {
        let wanted: Batch.Wanted =
            switch order.pooling {
            case .mean: .all
            // The rows that a step gives are its last ones, so the first token's comes with those behind it.
            case .first: sequence.count == 0 ? .all : .none
            case .last: completesPrompt ? .last : .none
            }
        return Batch.Entry(sequence, tokens, hidden: wanted)
    }

    func take(_ output: ForwardOutput, entry: Int, completesPrompt: Bool) -> TurnProgress {
        var rows = output.hiddenRows(ofEntry: entry)[...]
        if order.pooling == .first {
            rows = rows.prefix(1)
        }
        for row in rows {
            if sum.isEmpty {
                sum = row.map { Double($0) }
            } else {
                for (index, value) in row.enumerated() {
                    sum[index] += Double(value)
                }
            }
        }
        guard completesPrompt else { return .prefilling }
        order.continuation.yield(Embedding(values: Self.normalized(sum), promptTokens: promptTokens))
        order.continuation.finish()
        return .over
    }

    /// The vector's direction: where it has none it stays zero. Dividing a sum by its count would change nothing.
    private static func normalized(_ sum: [Double]) -> [Float] {
        let length = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
        guard length > 0, length.isFinite else { return sum.map { _ in 0 } }
        return sum.map { Float($0 / length) }
    }
}
