/// A row of symbols that join with their neighbours, the best pair first, the leftmost of equally good ones.
///
/// n symbols take O(n log n): a heap of pairs, in which those that no longer exist are passed over when they come up.
struct MergeQueue {
    /// The key of neighbours that do not join.
    static let never = UInt32.max

    // Of each symbol: its neighbours (-1: none), and how good the pair with the one after it is (less is better).
    private var previous: [Int32] = []
    private var next: [Int32] = []
    private var keys: [UInt32] = []
    private var heap = MinimumHeap()

    /// Joins symbols `0 ..< count` as long as pairs can join.
    ///
    /// `key(left, right)` says how good a pair is, or `never`. `join(left, right)` makes `left` the two of them; `right`
    /// is not asked about again.
    @inline(__always)
    mutating func run<State>(
        count: Int, state: inout State, key: (borrowing State, Int, Int) -> UInt32,
        join: (inout State, Int, Int, UInt32) -> Void
    ) {
        previous.removeAll(keepingCapacity: true)
        next.removeAll(keepingCapacity: true)
        keys.removeAll(keepingCapacity: true)
        heap.removeAll()
        for symbol in 0..<count {
            previous.append(Int32(symbol - 1))
            next.append(symbol + 1 < count ? Int32(symbol + 1) : -1)
            keys.append(Self.never)
        }
        for symbol in 0..<max(count - 1, 0) {
            push(symbol, key(state, symbol, symbol + 1))
        }
        while let best = heap.popMinimum() {
            let left = Int(best & 0xFFFF_FFFF)
            let rank = UInt32(best >> 32)
            // Out of date: the symbol, or the one after it, has joined since.
            guard keys[left] == rank else { continue }
            let right = Int(next[left])
            join(&state, left, right, rank)
            keys[right] = Self.never
            let after = Int(next[right])
            next[left] = Int32(after)
            next[right] = -1
            keys[left] = Self.never
            if after >= 0 {
                previous[after] = Int32(left)
                push(left, key(state, left, after))
            }
            let before = Int(previous[left])
            if before >= 0 {
                push(before, key(state, before, left))
            }
        }
    }

    /// The symbol after one that is left, or nil.
    func symbol(after symbol: Int) -> Int? {
        next[symbol] < 0 ? nil : Int(next[symbol])
    }

    @inline(__always)
    private mutating func push(_ left: Int, _ key: UInt32) {
        keys[left] = key
        if key != Self.never { heap.insert(UInt64(key) << 32 | UInt64(left)) }
    }
}
