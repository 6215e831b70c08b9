internal import Tensors

/// How much of a budget the KV cache gets, and how long a context that makes possible.
struct CacheRoom {
    /// Bytes of a block of the KV cache.
    let blockBytes: Int
    /// Bytes of what is there whatever the context: weights and scratch.
    let fixed: UInt64
    /// Bytes for everything.
    let budget: UInt64

    /// Blocks that a sequence may come to use: one more than it fills, for the copy of a partly filled one.
    private func blocks(_ contextLength: Int) -> Int {
        (contextLength + KVBlockLayout.tokens - 1) / KVBlockLayout.tokens + 1
    }

    private var fittingBlocks: Int {
        Int(clamping: (budget - min(budget, fixed)) / UInt64(blockBytes))
    }

    /// The wanted context, cut to what fits.
    /// - Throws: `insufficientMemory` if even the shortest useful one does not.
    func contextLength(_ wanted: Int) throws(InferenceError) -> Int {
        let least = min(wanted, Limits.shortestContext)
        guard fittingBlocks >= blocks(least) else {
            throw .insufficientMemory(needed: fixed + UInt64(blocks(least) * blockBytes), budget: budget)
        }
        return min(wanted, (fittingBlocks - 1) * KVBlockLayout.tokens)
    }

    /// Bytes of the cache for a context that fits: room for one, and for more turns as `Limits.cacheShare` allows.
    func bytes(contextLength: Int, turns: Int) -> Int {
        let one = blocks(contextLength)
        let all = one.multipliedReportingOverflow(by: turns)
        let share = fittingBlocks / Limits.cacheShare
        return max(one, min(all.overflow ? .max : all.partialValue, share)) * blockBytes
    }
}
