import Synchronization

internal import CKernels

/// What the threads of a pool share: the job, the counters and the place to sleep.
///
/// One job after another passes through these steps:
/// 1. The caller stores `job`, clears `finished`, and publishes the chunks.
/// 2. It advances `generation`; spinning workers see that, sleeping ones are woken.
/// 3. Everybody takes chunks. A worker that is late, from an earlier job, merely takes a chunk of this one: number and
///    limit come out of the same word, and `job` was stored before it.
/// 4. A thread that finds no chunk left adds the number of those it did to `finished`. The caller waits until the sum
///    is the number of chunks; from then on nobody reads `job`.
final class ThreadPoolState: @unchecked Sendable {
    /// What the threads do.
    struct Job {
        /// `next`: the chunk that the same worker likely does afterwards.
        let body: (_ chunk: Int, _ next: Int?, _ worker: Int) -> Void
        /// What a worker asks for while it waits for a later job; nil: what it asked for before.
        var expecting: ((_ worker: Int) -> UnsafeRawBufferPointer)?
    }

    /// Keeps the counters that different threads write on different cache lines.
    private typealias Gap = (Int64, Int64, Int64, Int64, Int64, Int64, Int64, Int64)

    private let queues: ChunkQueues
    private let gapBeforeFinished: Gap = (0, 0, 0, 0, 0, 0, 0, 0)
    private let finished = Atomic<Int>(0)
    private let gapAfterFinished: Gap = (0, 0, 0, 0, 0, 0, 0, 0)
    private let generation = Atomic<UInt64>(0)
    private let stopping = Atomic<Bool>(false)
    private let gapAfterGeneration: Gap = (0, 0, 0, 0, 0, 0, 0, 0)
    private let busy = Atomic<Bool>(false)
    private let sleepingWorkers = Atomic<Int>(0)
    private let callerSleeps = Atomic<Bool>(false)
    private let bed = Bed()
    private var job: UnsafePointer<Job>?
    private var callersAhead = ReadAhead()

    /// For worker 0, the caller, and those up to `workers` - 1.
    init(workers: Int) { queues = ChunkQueues(workers: workers) }

    /// Marks the pool as busy; traps if it is.
    func enter() {
        precondition(
            !busy.exchange(true, ordering: .acquiring),
            "ThreadPool.run was called while a job runs: from inside a chunk, or from a second thread. Jobs of a pool run one after another."
        )
    }

    func leave() { busy.store(false, ordering: .releasing) }

    /// Runs a job of two or more chunks as worker 0.
    func run(chunks: Int, _ job: Job) {
        withUnsafePointer(to: job) { job in
            self.job = job
            finished.store(0, ordering: .relaxed)
            queues.publish(chunks: chunks)
            // Sequentially consistent, as is the sleeper's own pair: either it sees the new generation or we see it asleep.
            generation.add(1, ordering: .sequentiallyConsistent)
            if sleepingWorkers.load(ordering: .sequentiallyConsistent) > 0 { bed.wakeWorkers() }
            // A copy: accesses to a property of an object are checked one by one.
            var ahead = callersAhead
            takeChunks(as: 0, &ahead)
            waitUntilFinished(chunks, &ahead)
            callersAhead = ahead
            self.job = nil
        }
    }

    /// The life of a worker thread: job after job until the pool goes away.
    func work(as worker: Int) {
        var seen: UInt64 = 0
        var ahead = ReadAhead()
        while let next = waitForJob(after: seen, &ahead) {
            seen = next
            takeChunks(as: worker, &ahead)
        }
    }

    /// Ends all workers' loops. Only with no job running.
    func stop() {
        stopping.store(true, ordering: .sequentiallyConsistent)
        bed.wakeWorkers()
    }

    private func takeChunks(as worker: Int, _ ahead: inout ReadAhead) {
        // Once a chunk is taken the job cannot end before this thread is done.
        guard let first = queues.take(as: worker), let job else { return }
        let done = Self.call(job, first, queues, worker)
        Self.expect(job, worker, &ahead)
        finished.add(done, ordering: .sequentiallyConsistent)
        if worker != 0, callerSleeps.load(ordering: .sequentiallyConsistent) { bed.wakeCaller() }
    }

    /// Runs the first chunk and all that this worker takes after it; gives their number.
    ///
    /// Not inlined, so that the reference to the closure that this thread takes is dropped before the chunks count as
    /// finished: the caller's `withoutActuallyEscaping` checks that none is left. One for all chunks, because threads that
    /// count references to the same closure wait for one another.
    @inline(never)
    private static func call(
        _ job: UnsafePointer<Job>, _ first: ChunkQueues.Taken, _ queues: borrowing ChunkQueues, _ worker: Int
    ) -> Int {
        let body = job.pointee.body
        var done = 0
        var taken: ChunkQueues.Taken? = first
        while let chunk = taken {
            body(chunk.chunk, chunk.next, worker)
            done += 1
            taken = queues.take(as: worker)
        }
        return done
    }

    @inline(never)
    private static func expect(_ job: UnsafePointer<Job>, _ worker: Int, _ ahead: inout ReadAhead) {
        if let expecting = job.pointee.expecting { ahead = ReadAhead(expecting(worker)) }
    }

    private func waitUntilFinished(_ chunks: Int, _ ahead: inout ReadAhead) {
        let isFinished = { [self] in finished.load(ordering: .acquiring) == chunks }
        if Spin.until(isFinished, meanwhile: { ahead.advance() }) { return }
        callerSleeps.store(true, ordering: .sequentiallyConsistent)
        bed.sleepAsCaller { finished.load(ordering: .sequentiallyConsistent) == chunks }
        callerSleeps.store(false, ordering: .relaxed)
    }

    /// The number of the next job, or nil when the pool stops.
    private func waitForJob(after seen: UInt64, _ ahead: inout ReadAhead) -> UInt64? {
        let isCalled = { [self] in
            generation.load(ordering: .sequentiallyConsistent) != seen
                || stopping.load(ordering: .sequentiallyConsistent)
        }
        if !Spin.until(isCalled, meanwhile: { ahead.advance() }) {
            sleepingWorkers.add(1, ordering: .sequentiallyConsistent)
            bed.sleepAsWorker(until: isCalled)
            sleepingWorkers.subtract(1, ordering: .sequentiallyConsistent)
        }
        return stopping.load(ordering: .acquiring) ? nil : generation.load(ordering: .acquiring)
    }
}

/// Waiting without sleeping, for a bounded time.
private enum Spin {
    /// Longer than the serial stretches between two matrices of a decode step, shorter than anything a person or a
    /// battery would notice.
    private static let nanoseconds: UInt64 = 50_000
    /// Reading the clock costs as much as a few pauses.
    private static let pausesPerClockReading = 16

    /// Spins until `condition` holds; false if it did not within the time. Before that it does what there is to do
    /// `meanwhile`, a little at a time, until that gives false.
    @inline(__always)
    static func until(_ condition: () -> Bool, meanwhile: () -> Bool) -> Bool {
        repeat { if condition() { return true } } while meanwhile()
        let end = monotonicNanoseconds() + nanoseconds
        repeat {
            for _ in 0..<pausesPerClockReading {
                conifer_spin_pause()
                if condition() { return true }
            }
        } while monotonicNanoseconds() < end
        return false
    }
}
