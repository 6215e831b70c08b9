/// One sequence's tokens and the blocks that hold their keys and values: block i holds tokens i·n ..< (i+1)·n.
///
/// All blocks that its tokens fill are indexed in the pool. The last one may be shared (after a fork, or where the tokens
/// of a cached block were taken up in part): it is copied before anything is written to it.
struct BlockList {
    /// A block whose content must be copied before the next step writes.
    struct Copy: Equatable {
        var source: BlockPool.ID
        var destination: BlockPool.ID
    }

    private(set) var tokens: [Int32] = []
    private(set) var blocks: [BlockPool.ID] = []

    /// Takes up what the pool holds of the prompt's beginning, at most `limit` tokens.
    init(prompt: [Int32], limit: Int, pool: inout BlockPool) {
        let size = pool.blockTokens
        let limit = min(limit, prompt.count)
        var parent: UInt64 = 0
        var count = 0
        while count + size <= limit, let id = pool.fullMatch(after: parent, prompt[count..<count + size]) {
            pool.retain(id)
            blocks.append(id)
            parent = pool[id].serial
            count += size
        }
        let rest = prompt[count..<min(limit, count + size)]
        if let (id, shared) = pool.longestMatch(after: parent, rest), shared >= Limits.sharedTailTokens {
            pool.retain(id)
            blocks.append(id)
            count += shared
        }
        tokens = Array(prompt[..<count])
    }

    /// A second sequence with the same tokens, which shares every block until one of the two writes.
    init(forking other: BlockList, pool: inout BlockPool) {
        let size = pool.blockTokens
        tokens = other.tokens
        // Places that the other one has reserved beyond its tokens stay its own.
        blocks = Array(other.blocks.prefix((tokens.count + size - 1) / size))
        for id in blocks { pool.retain(id) }
    }

    /// Makes room for `count` more tokens in blocks that belong to this sequence alone. Gives the copy to make first, or
    /// nil for none; throws, and changes nothing, if the pool has too few blocks.
    mutating func reserve(_ count: Int, pool: inout BlockPool) throws(CacheError) -> Copy? {
        let size = pool.blockTokens
        let needed = (tokens.count + count + size - 1) / size
        let shared = count > 0 ? try sharedLast(in: &pool) : nil
        let missing = max(0, needed - blocks.count) + (shared == nil ? 0 : 1)
        guard missing <= pool.available else { throw .full(blocksNeeded: missing, blocksAvailable: pool.available) }
        let fresh = (0..<missing).compactMap { _ in pool.allocate() }
        precondition(fresh.count == missing, "the pool's count of available blocks is true")
        guard let shared, let first = fresh.first else {
            blocks += fresh
            return nil
        }
        // The source must not go before it is copied: it stays in this list's place until `finishCopy`.
        blocks[tokens.count / size] = first
        blocks += fresh.dropFirst()
        return Copy(source: shared, destination: first)
    }

    /// Releases a copy's source, once it has been copied.
    static func finish(_ copy: Copy, pool: inout BlockPool) { pool.release(copy.source) }

    /// Tokens whose keys and values now lie in the reserved places. Blocks that they fill go into the index; where another
    /// sequence computed the same block meanwhile, its one is taken and ours given back.
    mutating func commit(_ more: some Collection<Int32>, pool: inout BlockPool) {
        let size = pool.blockTokens
        let firstOpen = tokens.count / size
        tokens += more
        precondition(tokens.count <= blocks.count * size, "tokens are committed to places reserved for them")
        for index in firstOpen..<max(firstOpen, tokens.count / size) {
            let parent = index == 0 ? 0 : pool[blocks[index - 1]].serial
            let content = Array(tokens[index * size..<(index + 1) * size])
            if case .present(let other) = pool.addToIndex(blocks[index], parent: parent, tokens: content) {
                pool.retain(other)
                pool.release(blocks[index])
                blocks[index] = other
            }
        }
    }

    /// Forgets all tokens from `count` on, and the places reserved for more.
    mutating func truncate(to count: Int, pool: inout BlockPool) {
        precondition(count <= tokens.count)
        let kept = (count + pool.blockTokens - 1) / pool.blockTokens
        for id in blocks[min(kept, blocks.count)...].reversed() { pool.release(id) }
        blocks.removeSubrange(min(kept, blocks.count)...)
        tokens.removeSubrange(count...)
    }

    /// Gives all blocks back. What is in them stays cached until others need the place.
    mutating func close(pool: inout BlockPool) {
        let size = pool.blockTokens
        truncate(to: tokens.count, pool: &pool)
        let tail = Array(tokens[(tokens.count / size * size)...])
        if let last = blocks.last, tail.count >= Limits.sharedTailTokens, pool[last].serial == 0,
            pool[last].references == 1
        {
            let parent = blocks.count > 1 ? pool[blocks[blocks.count - 2]].serial : 0
            _ = pool.addToIndex(last, parent: parent, tokens: tail)
        }
        // The last block first: a block must outlive those that follow it, or they could not be found any more.
        for id in blocks.reversed() { pool.release(id) }
        (tokens, blocks) = ([], [])
    }

    /// The last block if it holds tokens of this sequence but may not be written to. A leaf that nobody else uses and
    /// whose tokens are all ours is simply taken out of the index.
    private func sharedLast(in pool: inout BlockPool) throws(CacheError) -> BlockPool.ID? {
        let tail = tokens.count % pool.blockTokens
        guard tail > 0 else { return nil }
        let last = blocks[tokens.count / pool.blockTokens]
        let block = pool[last]
        if block.references == 1, block.serial == 0 { return nil }
        if block.references == 1, block.tokens.count == tail {
            pool.removeFromIndex(last)
            return nil
        }
        return last
    }
}
