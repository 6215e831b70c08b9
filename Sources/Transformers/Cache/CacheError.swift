/// Why the KV cache gave no room.
public enum CacheError: Error, Hashable, Sendable, CustomStringConvertible {
    /// All blocks are in use by running sequences.
    case full(blocksNeeded: Int, blocksAvailable: Int)
    /// The limit does not hold a single block.
    case limitTooSmall(limitBytes: Int, blockBytes: Int)
    /// The system gave no memory.
    case noMemory(bytes: Int)

    /// What was wanted, what there was, what to do.
    public var description: String {
        switch self {
        case .full(let needed, let available):
            "the KV cache is full: \(needed) blocks needed, \(available) available; wait until another turn ends, shorten the prompt or allow more memory"
        case .limitTooSmall(let limit, let block):
            "a KV cache of \(limit) bytes does not hold one block of \(block) bytes; allow more memory"
        case .noMemory(let bytes):
            "the system gave no \(bytes) bytes for the KV cache; free some memory or lower the limit"
        }
    }
}
