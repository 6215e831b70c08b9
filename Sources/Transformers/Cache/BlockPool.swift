/// The bookkeeping of a pool of KV cache blocks: who uses which, what is in them, which goes next. No memory is touched.
///
/// A block is in one of three states:
/// - free: no references, no content;
/// - in use: referenced by one or more sequences;
/// - cached: no references, but its tokens are indexed, so that a later sequence with the same beginning can take it up.
///   Cached blocks are evicted, least recently used first, when nothing else is left.
///
/// Blocks whose tokens are indexed never change. Since the index knows a block by its parent and its tokens themselves,
/// not by a hash of them, two different beginnings can never be mistaken for each other.
struct BlockPool {
    typealias ID = Int32

    struct Block {
        var references = 0
        /// Identity of the indexed content, never given twice; 0: not indexed.
        var serial: UInt64 = 0
        /// Serial of the block before it in its sequence; 0: none.
        var parent: UInt64 = 0
        /// The indexed tokens: `blockTokens` of them, or fewer in the last block of a sequence that has ended.
        var tokens: [Int32] = []
        /// Neighbours in the list of cached blocks.
        var older: ID = -1
        var newer: ID = -1
    }

    /// Tokens in a full block.
    let blockTokens: Int
    /// The most blocks there may be. May be lowered, but not below `blocks.count`.
    var capacity: Int

    private(set) var blocks: [Block] = []
    private(set) var free: [ID] = []
    /// Number of cached blocks.
    private(set) var cachedCount = 0
    private var oldest: ID = -1
    private var newest: ID = -1

    var lastSerial: UInt64 = 0
    var fullBlocks: [PrefixKey: ID] = [:]
    var children: [UInt64: [ID]] = [:]

    init(capacity: Int, blockTokens: Int) {
        precondition(capacity > 0 && blockTokens > 0)
        self.capacity = capacity
        self.blockTokens = blockTokens
    }

    subscript(id: ID) -> Block {
        get { blocks[Int(id)] }
        set { blocks[Int(id)] = newValue }
    }

    /// Blocks that `allocate` could hand out now.
    var available: Int { free.count + cachedCount + capacity - blocks.count }

    /// Blocks that sequences use.
    var usedCount: Int { blocks.count - free.count - cachedCount }

    /// A block with one reference and no content: a free one, else a new one, else the least recently used cached one.
    /// Nil if every block is in use.
    mutating func allocate() -> ID? {
        let id: ID
        if let last = free.popLast() {
            id = last
        } else if blocks.count < capacity {
            id = ID(blocks.count)
            blocks.append(Block())
        } else if oldest >= 0 {
            id = oldest
            unlink(id)
            removeFromIndex(id)
        } else {
            return nil
        }
        self[id].references = 1
        return id
    }

    /// Adds a reference to a block that is in use or cached.
    mutating func retain(_ id: ID) {
        if self[id].references == 0 {
            precondition(self[id].serial != 0, "a free block has nothing to share")
            unlink(id)
        }
        self[id].references += 1
    }

    /// Takes a reference away. With the last one the block becomes cached if it is indexed, else free.
    mutating func release(_ id: ID) {
        precondition(self[id].references > 0, "a block is released once for each time that it was taken")
        self[id].references -= 1
        guard self[id].references == 0 else { return }
        if self[id].serial == 0 {
            free.append(id)
        } else {
            linkAsNewest(id)
        }
    }

    /// Frees every cached block.
    mutating func evictAll() {
        while oldest >= 0 {
            let id = oldest
            unlink(id)
            removeFromIndex(id)
            free.append(id)
        }
    }

    /// The cached blocks, the next to go first.
    var cachedOldestFirst: [ID] {
        var (list, id) = ([ID](), oldest)
        while id >= 0 {
            list.append(id)
            id = self[id].newer
        }
        return list
    }

    private mutating func linkAsNewest(_ id: ID) {
        (self[id].older, self[id].newer) = (newest, -1)
        if newest >= 0 { self[newest].newer = id } else { oldest = id }
        newest = id
        cachedCount += 1
    }

    private mutating func unlink(_ id: ID) {
        let (older, newer) = (self[id].older, self[id].newer)
        if older >= 0 { self[older].newer = newer } else { oldest = newer }
        if newer >= 0 { self[newer].older = older } else { newest = older }
        (self[id].older, self[id].newer) = (-1, -1)
        cachedCount -= 1
    }
}
