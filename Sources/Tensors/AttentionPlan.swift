/// How the attention of a batch is cut into items for the threads; made once per batch, used by every layer.
///
/// The results do not depend on the cut (CKernels/attention.h says why), so it is chosen for speed only.
struct AttentionPlan {
    /// Query tokens of one sequence, for every KV head.
    struct Tile {
        var sequence: Int
        /// Row of the batch of the first token.
        var row: Int
        var tokens: Int
        var firstPosition: Int
        /// Splits of the positions up to the last token.
        var splits: Int
    }

    /// Rows (tokens times query heads of a KV head) that share the work of loading a tile of keys and values.
    static let rowsOfTile = 96

    private(set) var tiles: [Tile] = []
    /// True when each split of the positions is an item of its own: few long sequences, many threads.
    private(set) var isSplit = false
    private(set) var splitsOfLongest = 0
    private(set) var totalTokens = 0

    /// Tokens of a tile when a KV head has `group` query heads.
    static func tokensOfTile(group: Int) -> Int { max(1, rowsOfTile / group) }

    init() {}

    init(_ sequences: [AttentionSequence], group: Int, keyValueHeads: Int, threads: Int, splitTokens: Int) {
        let step = Self.tokensOfTile(group: group)
        for (number, sequence) in sequences.enumerated() {
            for first in stride(from: 0, to: sequence.count, by: step) {
                let tokens = min(step, sequence.count - first)
                let end = sequence.firstPosition + first + tokens
                tiles.append(
                    Tile(
                        sequence: number, row: totalTokens + first, tokens: tokens,
                        firstPosition: end - tokens, splits: (end + splitTokens - 1) / splitTokens))
            }
            totalTokens += sequence.count
        }
        // The longest first: a thread that starts a long item last would keep the others waiting.
        tiles.sort { ($0.firstPosition + 1) * $0.tokens > ($1.firstPosition + 1) * $1.tokens }
        splitsOfLongest = tiles.map(\.splits).max() ?? 0
        isSplit = threads > 1 && splitsOfLongest > 1 && tiles.count * keyValueHeads < 4 * threads
    }
}
