import Synchronization

/// Who takes which chunk of a job.
///
/// With `n` workers those of worker `w` are w, w + n, w + 2n, … in this order, so that it knows what it will read next. One
/// that has no more of its own takes those of the others, from their fronts: nobody waits for a worker that is late.
struct ChunkQueues: ~Copyable {
    /// A chunk, and the one that the same worker takes afterwards unless another is faster.
    struct Taken: Equatable {
        let chunk: Int
        let next: Int?
    }

    private let workers: Int
    /// For each worker how many chunks it has (the high half) and how many have been taken (the low half, or more than
    /// there are). On a cache line each.
    private let words: UnsafeMutablePointer<Atomic<UInt64>>
    private static let wordsPerLine = 8

    init(workers: Int) {
        self.workers = workers
        words = .allocate(capacity: workers * Self.wordsPerLine)
        for index in 0..<workers * Self.wordsPerLine { (words + index).initialize(to: Atomic(0)) }
    }

    deinit {
        words.deinitialize(count: workers * Self.wordsPerLine)
        words.deallocate()
    }

    /// Hands out `0..<chunks`. What was written before is visible to who takes one of them.
    func publish(chunks: Int) {
        for worker in 0..<workers {
            let own = (chunks + workers - 1 - worker) / workers
            words[worker * Self.wordsPerLine].store(UInt64(own) << 32, ordering: .releasing)
        }
    }

    /// A chunk for `worker`; nil when all have been taken.
    func take(as worker: Int) -> Taken? {
        for offset in 0..<workers {
            let sum = worker + offset
            let owner = sum < workers ? sum : sum - workers
            // A look first: threads that find nothing left need not take the line from one another.
            guard Self.hasMore(words[owner * Self.wordsPerLine].load(ordering: .relaxed)) else { continue }
            let word = words[owner * Self.wordsPerLine].add(1, ordering: .acquiringAndReleasing).oldValue
            guard Self.hasMore(word) else { continue }
            let (count, index) = (Int(word >> 32), Int(word & 0xFFFF_FFFF))
            let chunk = index * workers + owner
            return Taken(chunk: chunk, next: index + 1 < count ? chunk + workers : nil)
        }
        return nil
    }

    private static func hasMore(_ word: UInt64) -> Bool { word & 0xFFFF_FFFF < word >> 32 }
}
