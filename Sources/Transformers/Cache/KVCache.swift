public import Tensors

/// Keys and values of all sequences of one model, in blocks that sequences with the same beginning share.
///
/// ```swift
/// let cache = try KVCache(layout: model.cacheLayout, limitBytes: 1 << 30)
/// let sequence = cache.open(promptTokens)              // takes up what is there of this prompt
/// let rest = promptTokens[sequence.count...]           // at least one token: its logits are wanted
/// try model.forward(Batch([.init(sequence, rest, logits: .last)]), cache: cache, in: context)
/// cache.close(sequence)                                // stays cached until the place is needed
/// ```
///
/// Memory is taken from the system as sequences grow, never ahead for a whole context, and goes back when the cache
/// does. At the limit, what no sequence uses is evicted, least recently used first. A block is plain bytes
/// (`KVBlockLayout`) for known tokens after known tokens, so it could be written out and mapped back.
///
/// Not for several threads at once.
public final class KVCache {
    /// The shape of a block.
    public let layout: KVBlockLayout
    /// The most bytes that blocks may take.
    public let limitBytes: Int

    private(set) var pool: BlockPool
    private var slabs: [MappedMemory] = []
    private let blocksPerSlab: Int

    /// An empty cache. Throws if the limit does not hold one block.
    public init(layout: KVBlockLayout, limitBytes: Int) throws(CacheError) {
        let capacity = limitBytes / layout.blockBytes
        guard capacity > 0 else { throw .limitTooSmall(limitBytes: limitBytes, blockBytes: layout.blockBytes) }
        self.layout = layout
        self.limitBytes = limitBytes
        pool = BlockPool(
            capacity: min(capacity, Int(BlockPool.ID.max)), blockTokens: KVBlockLayout.tokens)
        blocksPerSlab = min(max(1, Limits.slabBytes / layout.blockBytes), capacity)
    }

    /// A sequence for a prompt. It holds already what the cache has of the prompt's beginning, but never all of it: at
    /// least the last token is left to compute, since its logits are wanted.
    public func open(_ prompt: [Int32]) -> CachedSequence {
        let sequence = CachedSequence(BlockList(prompt: prompt, limit: max(0, prompt.count - 1), pool: &pool))
        updatePointers(of: sequence)
        return sequence
    }

    /// A second sequence that goes on from the same tokens.
    public func fork(_ sequence: CachedSequence) -> CachedSequence {
        precondition(!sequence.isClosed, "a closed sequence has no tokens to go on from")
        let copy = CachedSequence(BlockList(forking: sequence.list, pool: &pool))
        updatePointers(of: copy)
        return copy
    }

    /// Forgets the sequence's tokens from position `count` on.
    public func truncate(_ sequence: CachedSequence, to count: Int) {
        sequence.list.truncate(to: count, pool: &pool)
        updatePointers(of: sequence)
    }

    /// Ends a sequence. Its blocks stay cached for others until the place is needed. Closing twice does nothing.
    public func close(_ sequence: CachedSequence) {
        guard !sequence.isClosed else { return }
        sequence.isClosed = true
        sequence.list.close(pool: &pool)
        sequence.pointers = []
    }

    /// Forgets everything that no running sequence uses.
    public func evictAll() { pool.evictAll() }

    /// Tokens for which there is room beside what running sequences use.
    public var availableTokens: Int { pool.available * pool.blockTokens }

    /// Bytes taken from the system so far.
    public var mappedBytes: Int { slabs.reduce(0) { $0 + $1.byteCount } }

    /// Bytes of the blocks that running sequences use.
    public var usedBytes: Int { pool.usedCount * layout.blockBytes }

    /// Makes places for `count` more tokens of a sequence. If it throws, nothing has changed.
    func reserve(_ count: Int, in sequence: CachedSequence) throws(CacheError) {
        precondition(!sequence.isClosed, "a closed sequence takes no tokens")
        // One block more for a partly filled last one, one for its copy.
        try mapMemory(for: pool.blocks.count - pool.free.count + count / pool.blockTokens + 2)
        let copy = try sequence.list.reserve(count, pool: &pool)
        if let copy {
            address(of: copy.destination).copyMemory(from: address(of: copy.source), byteCount: layout.blockBytes)
            BlockList.finish(copy, pool: &pool)
        }
        updatePointers(of: sequence)
    }

    /// Takes memory for the first `blocks` blocks. Where the system gives no more, the cache stays as large as it is.
    private func mapMemory(for blocks: Int) throws(CacheError) {
        while slabs.count * blocksPerSlab < min(blocks, pool.capacity) {
            let more = min(blocksPerSlab, pool.capacity - slabs.count * blocksPerSlab)
            guard let slab = MappedMemory(byteCount: more * layout.blockBytes) else {
                if slabs.isEmpty { throw .noMemory(bytes: more * layout.blockBytes) }
                pool.capacity = slabs.count * blocksPerSlab
                return
            }
            slabs.append(slab)
        }
    }

    /// The tokens' keys and values are in their places.
    func commit(_ tokens: some Collection<Int32>, to sequence: CachedSequence) {
        sequence.list.commit(tokens, pool: &pool)
        updatePointers(of: sequence)
    }

    /// Where a block lies.
    func address(of id: BlockPool.ID) -> UnsafeMutableRawPointer {
        slabs[Int(id) / blocksPerSlab].base + Int(id) % blocksPerSlab * layout.blockBytes
    }

    private func updatePointers(of sequence: CachedSequence) {
        sequence.pointers = sequence.list.blocks.map { address(of: $0) }
    }
}
