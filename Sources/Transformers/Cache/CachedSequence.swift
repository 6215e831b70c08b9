/// One conversation's place in a `KVCache`: its tokens so far and the blocks that hold their keys and values.
///
/// Made by `KVCache.open` or `fork`, given back by `KVCache.close`. Used by one thread at a time, as the cache is.
public final class CachedSequence {
    /// How many of the prompt's tokens the cache held already when the sequence was opened.
    public let reusedCount: Int
    var list: BlockList
    /// Where the list's blocks lie: one pointer for each.
    var pointers: [UnsafeMutableRawPointer] = []
    var isClosed = false

    init(_ list: BlockList) {
        self.list = list
        reusedCount = list.tokens.count
    }

    /// The tokens whose keys and values are in the cache.
    public var tokens: [Int32] { list.tokens }
    /// How many those are: the position of the next token.
    public var count: Int { list.tokens.count }
}
