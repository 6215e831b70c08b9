internal import CKernels

/// Causal attention of a batch of queries over the blocks of a KV cache, with grouped query heads.
///
/// Query head `h` reads KV head `h / (heads / keyValueHeads)`. A query's result has the same bits alone or in any
/// batch, and whether its prompt came in one chunk or many.
///
/// Use from one thread: `prepare` for a batch, then `store` and `attend` for each layer.
public final class Attention {
    /// Layout of the blocks.
    public let layout: KVBlockLayout
    /// Query heads.
    public let heads: Int
    private let scale: Float
    private let pool: ThreadPool
    private let kernels: UnsafePointer<ck_attention_kernels>
    private let scratch: WorkerScratch
    private var partials = FloatBuffer()
    private var stretches: [Stretch] = []
    /// The sequences' blocks, one sequence after another, and where each begins.
    private var blocks: [UnsafeRawPointer?] = []
    private var firstBlocks: [Int] = []
    private var plan = AttentionPlan()
    private var group: Int { heads / layout.keyValueHeads }

    /// Attention for one shape of heads.
    ///
    /// - Parameters:
    ///   - heads: query heads, a multiple of the layout's KV heads.
    ///   - scale: factor of the scores; 1/√headDimension if nil.
    public init(
        pool: ThreadPool, layout: KVBlockLayout, heads: Int, scale: Float? = nil, level: KernelLevel = .best
    ) {
        precondition(
            heads > 0 && heads % layout.keyValueHeads == 0,
            "\(heads) query heads are no multiple of \(layout.keyValueHeads) KV heads.")
        guard let kernels = ck_attention_kernels_for(level.code) else {
            preconditionFailure("This build has no \(level) attention kernels.")
        }
        self.pool = pool
        self.layout = layout
        self.heads = heads
        self.scale = scale ?? 1 / Float(layout.headDimension).squareRoot()
        self.kernels = kernels
        scratch = WorkerScratch(
            workers: pool.threads,
            floats: ck_attention_scratch_floats(
                AttentionPlan.mostRows(group: heads / layout.keyValueHeads), layout.headDimension))
    }

    /// Takes a batch: what the following `store` and `attend` calls are about.
    ///
    /// Each sequence is in it once, and no two write to the same block: in a step of decoding a thread stores a key while
    /// others read their own sequences'.
    public func prepare(_ sequences: [AttentionSequence]) {
        stretches.removeAll(keepingCapacity: true)
        blocks.removeAll(keepingCapacity: true)
        firstBlocks.removeAll(keepingCapacity: true)
        var row = 0
        for sequence in sequences {
            stretches += Stretch.of(sequence, row: row)
            row += sequence.count
            firstBlocks.append(blocks.count)
            blocks.append(contentsOf: sequence.blocks.map { UnsafeRawPointer($0) })
        }
        assert(Set(stretches.map(\.block)).count == stretches.count, "two of the batch write to one block")
        plan = AttentionPlan(
            sequences, group: group, keyValueHeads: layout.keyValueHeads, threads: pool.threads,
            splitTokens: Int(CK_KV_SPLIT))
        guard plan.isSplit else { return }
        partials.reserve(plan.tiles.count * partialStride)
    }

    /// Keys and values of the batch on their way into the cache.
    public struct Stored {
        var keys: UnsafeMutablePointer<Float>
        var values: UnsafePointer<Float>
        var turn: HeadTurn?

        /// - Parameters:
        ///   - keys: `[tokens, keyValueHeads, headDimension]`; changed in place by `turn`.
        ///   - values: `[tokens, keyValueHeads, headDimension]`.
        ///   - turn: what the keys have yet to go through; nil if nothing.
        public init(keys: UnsafeMutablePointer<Float>, values: UnsafePointer<Float>, turn: HeadTurn? = nil) {
            self.keys = keys
            self.values = values
            self.turn = turn
        }
    }

    /// Rounds the batch's keys and values to 16-bit integers with a scale a token, and puts them into the sequences' blocks.
    public func store(_ new: Stored, layer: Int) {
        let (heads, stretches) = (layout.keyValueHeads, stretches)
        // Heads together that lie together, as long as there is enough for all threads. Those of different blocks in
        // turn: two threads that touch a new page at once both clear it.
        let parts = min(heads, max(1, Self.chunksOfThread * pool.threads / max(1, stretches.count)))
        pool.run(chunks: stretches.count * parts) { chunk, _ in
            let part = chunk / stretches.count
            store(
                new, of: stretches[chunk % stretches.count], heads: part * heads / parts..<(part + 1) * heads / parts,
                layer: layer)
        }
    }

    private func store(_ new: Stored, of stretch: Stretch, heads: Range<Int>, layer: Int) {
        let dimension = layout.headDimension
        let width = layout.keyValueHeads * dimension
        for first in stride(from: 0, to: stretch.slots.count, by: Self.tokensStoredTogether) {
            let count = min(Self.tokensStoredTogether, stretch.slots.count - first)
            let (row, slot) = (stretch.row + first, stretch.slots.lowerBound + first)
            let keys = new.keys + row * width
            new.turn?.apply(
                to: keys + heads.lowerBound * dimension, count: heads.count, rows: row..<row + count, stride: width)
            for head in heads {
                let keyTile = stretch.block + layout.keysOffset(layer: layer, head: head)
                kernels.pointee.store_keys(keys + head * dimension, width, count, dimension, slot, keyTile)
                let valueTile = stretch.block + layout.valuesOffset(layer: layer, head: head)
                let values = new.values + row * width + head * dimension
                kernels.pointee.store_values(values, width, count, dimension, slot, valueTile)
            }
        }
    }

    /// Tokens that are turned and stored before the next ones: all their heads fit the second-level cache.
    private static let tokensStoredTogether = 16
    /// Chunks that each thread gets at least where that many can be made.
    private static let chunksOfThread = 8

    /// New tokens of a sequence that lie in one block: no two threads write the same line of keys.
    private struct Stretch {
        var block: UnsafeMutableRawPointer
        var slots: Range<Int>
        /// Row of the batch of the first one.
        var row: Int

        /// Those of a sequence whose first token is `row` of the batch.
        static func of(_ sequence: AttentionSequence, row: Int) -> [Stretch] {
            let new = sequence.firstPosition..<sequence.firstPosition + sequence.count
            return (new.lowerBound / KVBlockLayout.tokens..<KVBlockLayout.blocks(for: new.upperBound)).map { block in
                let first = block * KVBlockLayout.tokens
                let tokens = new.clamped(to: first..<first + KVBlockLayout.tokens)
                return Stretch(
                    block: sequence.blocks[block], slots: tokens.lowerBound - first..<tokens.upperBound - first,
                    row: row + tokens.lowerBound - new.lowerBound)
            }
        }
    }

    /// Attention of all queries of the batch over their sequences' tokens up to their own.
    ///
    /// - Parameters:
    ///   - queries: `[tokens, heads, headDimension]`; changed in place by `turn`.
    ///   - turn: what the queries have yet to go through; nil if nothing.
    ///   - output: `[tokens, heads, headDimension]`; may be `queries`.
    ///   - new: keys and values to `store` first; nil if that is done. Where each sequence has one new token, the thread
    ///     that reads a head also stores it: a decoded token's key lies in a line of memory of its own for every two
    ///     elements, which attention needs right afterwards.
    public func attend(
        queries: UnsafeMutablePointer<Float>, turn: HeadTurn? = nil, layer: Int, output: UnsafeMutablePointer<Float>,
        storing new: Stored? = nil
    ) {
        let isDecoding = plan.totalTokens == firstBlocks.count
        if let new, !isDecoding { store(new, layer: layer) }
        blocks.withUnsafeBufferPointer { blocks in
            guard let base = blocks.baseAddress else { return }
            let call = Call(
                queries: queries, turn: turn, output: output, layer: layer, new: isDecoding ? new : nil, blocks: base)
            let isSplit = plan.isSplit
            if isSplit {
                let heads = layout.keyValueHeads
                pool.run(chunks: plan.tiles.count * heads) { chunk, _ in
                    prepare(plan.tiles[chunk / heads], heads: chunk % heads..<chunk % heads + 1, call)
                }
            }
            plan.items.withUnsafeBufferPointer { items in
                pool.stream(chunks: items.count) { chunk, next, worker in
                    let part = items[chunk]
                    if !isSplit { prepare(plan.tiles[part.tile], heads: part.heads, call) }
                    var item = self.item(call, part, then: next.map { items[$0] })
                    kernels.pointee.attend(&item, scratch[worker])
                }
            }
            if isSplit { merge(call) }
        }
    }

    /// One `attend` call's pointers.
    private struct Call {
        var queries: UnsafeMutablePointer<Float>
        var turn: HeadTurn?
        var output: UnsafeMutablePointer<Float>
        var layer: Int
        /// What is stored first: each tile is the one token of a sequence.
        var new: Stored?
        var blocks: UnsafePointer<UnsafeRawPointer?>
    }

    /// Adds up what the splits of each tile and head gave.
    private func merge(_ call: Call) {
        let heads = layout.keyValueHeads
        pool.run(chunks: plan.tiles.count * heads) { chunk, worker in
            let (tile, head) = (plan.tiles[chunk / heads], chunk % heads)
            var item = self.item(
                call, AttentionPlan.Item(tile: chunk / heads, heads: head..<head + 1, splits: 0..<tile.splits))
            let floats = partialFloats(tile)
            kernels.pointee.merge(
                &item, partials.base + chunk / heads * partialStride + head * floats, tile.splits, heads * floats,
                scratch[worker])
        }
    }

    /// Stores and turns what attention needs of some KV heads before it begins.
    private func prepare(_ tile: AttentionPlan.Tile, heads: Range<Int>, _ call: Call) {
        if let new = call.new { store(new, of: stretches[tile.sequence], heads: heads, layer: call.layer) }
        let (dimension, width) = (layout.headDimension, self.heads * layout.headDimension)
        call.turn?.apply(
            to: call.queries + tile.row * width + heads.lowerBound * group * dimension, count: heads.count * group,
            rows: tile.row..<tile.row + tile.tokens, stride: width)
    }

    private func partialFloats(_ tile: AttentionPlan.Tile) -> Int {
        ck_attention_partial_floats(tile.tokens * group, layout.headDimension)
    }

    /// Floats from one tile's partial results to the next one's: `[splits][keyValueHeads]` of `partialFloats`.
    private var partialStride: Int {
        plan.splitsOfLongest * layout.keyValueHeads
            * ck_attention_partial_floats(AttentionPlan.tokensOfTile(group: group) * group, layout.headDimension)
    }

    /// `then`: what the same thread likely does afterwards.
    private func item(
        _ call: Call, _ part: AttentionPlan.Item, then: AttentionPlan.Item? = nil
    ) -> ck_attention_item {
        let tile = plan.tiles[part.tile]
        let dimension = layout.headDimension
        let width = heads * dimension
        let offset = tile.row * width + part.heads.lowerBound * group * dimension
        var item = ck_attention_item(
            queries: call.queries + offset, query_stride: width, tokens: tile.tokens, kv_heads: part.heads.count,
            heads: group, dimension: dimension, first_position: tile.firstPosition, scale: scale,
            blocks: call.blocks + firstBlocks[tile.sequence],
            keys_offset: layout.keysOffset(layer: call.layer, head: part.heads.lowerBound),
            values_offset: layout.valuesOffset(layer: call.layer, head: part.heads.lowerBound),
            head_bytes: 2 * layout.tileBytes, first_split: part.splits.lowerBound, end_split: part.splits.upperBound,
            then: then.flatMap { firstKeys(call, $0) }, output: call.output + offset, output_stride: width,
            partial: nil)
        if plan.isSplit {
            item.partial =
                partials.base + part.tile * partialStride
                + (part.splits.lowerBound * layout.keyValueHeads + part.heads.lowerBound) * partialFloats(tile)
        }
        return item
    }

    /// Where an item begins to read.
    private func firstKeys(_ call: Call, _ part: AttentionPlan.Item) -> UnsafeRawPointer? {
        let block = part.splits.lowerBound * Int(CK_KV_SPLIT) / KVBlockLayout.tokens
        return call.blocks[firstBlocks[plan.tiles[part.tile].sequence] + block].map {
            $0 + layout.keysOffset(layer: call.layer, head: part.heads.lowerBound)
        }
    }
}
