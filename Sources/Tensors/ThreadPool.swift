/// A fixed set of threads that run one job at a time; a job is a number of chunks.
///
/// The thread that calls `run` is worker 0 and works with the others. A worker takes chunks one by one, when it has no more
/// of its own those of the others, so that a slow core does fewer of them. Between jobs the workers spin for a moment,
/// because the next matrix of a decode step is only microseconds away; then they sleep, and an idle pool uses no processor
/// time.
///
/// A job costs about a microsecond while the workers spin and a few when they have to be woken. Only what one job hands to
/// `body` is shared: everything written before `run` is visible in the chunks, everything written in the chunks is visible
/// after `run`.
public final class ThreadPool: Sendable {
    /// How many threads work on a job, the calling one included.
    public let threads: Int
    private let state: ThreadPoolState
    private let workers: [WorkerThread]

    /// Starts `threads - 1` worker threads; if the system gives fewer, the pool works with those.
    public init(threads: Int) {
        precondition(
            (1...Limits.threads).contains(threads),
            "A thread pool has 1 to \(Limits.threads) threads, not \(threads).")
        let state = ThreadPoolState(workers: threads)
        self.state = state
        var started: [WorkerThread] = []
        for number in 1..<max(threads, 1) {
            guard let worker = WorkerThread(number: number, body: { state.work(as: number) }) else { break }
            started.append(worker)
        }
        workers = started
        self.threads = started.count + 1
    }

    deinit {
        state.stop()
        for worker in workers { worker.join() }
    }

    /// Calls `body(chunk, worker)` once for every chunk in `0..<chunks`, on any of the threads, and returns when all are done.
    ///
    /// `worker` is in `0..<threads` and no two chunks run at once with the same one, so it can pick scratch memory.
    /// One job at a time: a call from inside a chunk, or from a second thread meanwhile, traps.
    public func run(chunks: Int, _ body: (_ chunk: Int, _ worker: Int) -> Void) {
        stream(chunks: chunks) { chunk, _, worker in body(chunk, worker) }
    }

    /// The same for chunks that read memory, which can be asked for early.
    ///
    /// - Parameters:
    ///   - expecting: what a worker will read first of a later job, and asks for while it waits.
    ///   - body: `next` is the chunk that the same worker likely takes afterwards; nil: none of this job.
    func stream(
        chunks: Int, expecting: (_ worker: Int) -> UnsafeRawBufferPointer,
        _ body: (_ chunk: Int, _ next: Int?, _ worker: Int) -> Void
    ) {
        run(chunks, alone: body) {
            withoutActuallyEscaping(body) { body in
                withoutActuallyEscaping(expecting) { expecting in
                    state.run(chunks: chunks, ThreadPoolState.Job(body: body, expecting: expecting))
                }
            }
        }
    }

    /// The same, where nothing new is known about later jobs.
    func stream(chunks: Int, _ body: (_ chunk: Int, _ next: Int?, _ worker: Int) -> Void) {
        run(chunks, alone: body) {
            withoutActuallyEscaping(body) { body in state.run(chunks: chunks, ThreadPoolState.Job(body: body)) }
        }
    }

    /// Does what `shared` does, or `alone` where there is nothing to share, such as the work on a single row: that needs no
    /// closure on the heap.
    private func run(
        _ chunks: Int, alone body: (_ chunk: Int, _ next: Int?, _ worker: Int) -> Void, _ shared: () -> Void
    ) {
        precondition(
            (0...Limits.chunks).contains(chunks), "A job has 0 to \(Limits.chunks) chunks, not \(chunks).")
        state.enter()
        defer { state.leave() }
        if chunks > 1 && !workers.isEmpty { return shared() }
        for chunk in 0..<chunks { body(chunk, chunk + 1 < chunks ? chunk + 1 : nil, 0) }
    }
}
