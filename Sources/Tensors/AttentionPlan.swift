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

    /// What a thread does at a time: a tile with some of the KV heads, over some splits.
    struct Item {
        var tile: Int
        var heads: Range<Int>
        /// One, if each split is an item of its own.
        var splits: Range<Int>
    }

    /// Rows (tokens times query heads of a KV head) that share the work of loading a tile of keys and values.
    static let rowsOfTile = 96

    private(set) var tiles: [Tile] = []
    /// In the order in which they are taken.
    private(set) var items: [Item] = []
    /// True when each split of the positions is an item of its own: few long sequences, many threads.
    private(set) var isSplit = false
    private(set) var splitsOfLongest = 0
    private(set) var totalTokens = 0

    /// Tokens of a tile when a KV head has `group` query heads.
    static func tokensOfTile(group: Int) -> Int { max(1, rowsOfTile / group) }

    /// The most rows of an item.
    static func mostRows(group: Int) -> Int { max(rowsOfTile, group) }

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
        makeItems(group: group, keyValueHeads: keyValueHeads, threads: threads)
    }

    /// Few rows are as fast as memory is read, so their items have as many KV heads as there can be: these lie one after
    /// the other, while the next block of a sequence is megabytes away.
    private mutating func makeItems(group: Int, keyValueHeads: Int, threads: Int) {
        let most = tiles.map { tile in
            Self.divisor(of: keyValueHeads, upTo: Self.rowsOfTile / (tile.tokens * group))
        }
        let enough = threads == 1 ? 1 : 4 * threads
        let whole = zip(tiles, most).reduce(0) { $0 + keyValueHeads / $1.1 }
        isSplit = whole < enough && splitsOfLongest > 1
        let pieces = tiles.reduce(0) { $0 + (isSplit ? $1.splits : 1) }
        let common = Self.divisor(of: keyValueHeads, upTo: pieces * keyValueHeads / enough)
        for (number, tile) in tiles.enumerated() {
            let heads = min(most[number], common)
            // From the last split on, which may be short.
            for split in (0..<(isSplit ? tile.splits : 1)).reversed() {
                append(tile: number, heads: heads, of: keyValueHeads, isSplit ? split..<split + 1 : 0..<tile.splits)
            }
        }
        if threads > 1 { refineEnd(threads) }
    }

    private mutating func append(tile: Int, heads: Int, of all: Int, _ splits: Range<Int>) {
        for first in stride(from: 0, to: all, by: heads) {
            items.append(Item(tile: tile, heads: first..<min(first + heads, all), splits: splits))
        }
    }

    /// The last item of each thread in smaller ones, so that none waits long for the others.
    private mutating func refineEnd(_ threads: Int) {
        let last = items.suffix(threads)
        items.removeLast(last.count)
        for item in last {
            let heads = max(1, item.heads.count / 4)
            for first in stride(from: item.heads.lowerBound, to: item.heads.upperBound, by: heads) {
                let end = min(first + heads, item.heads.upperBound)
                items.append(Item(tile: item.tile, heads: first..<end, splits: item.splits))
            }
        }
    }

    /// The largest divisor of `count` that is no more than `most`; at least 1.
    private static func divisor(of count: Int, upTo most: Int) -> Int {
        (1...max(1, min(count, most))).last { count % $0 == 0 } ?? 1
    }
}
