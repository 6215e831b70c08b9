/// A fixed set of threads that run one job at a time; a job is a number of chunks.
///
/// The thread that calls `run` is worker 0 and works with the others. Chunks are handed out one by one from an atomic
/// counter, so that a slow core takes fewer of them. Between jobs the workers spin for a moment, because the next
/// matrix of a decode step is only microseconds away; then they sleep, and an idle pool uses no processor time.
///
/// A job costs about a microsecond while the workers spin and a few when they have to be woken. Only what one job hands to `body` is shared:
/// everything written before `run` is visible in the chunks, everything written in the chunks is visible after `run`.
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
        let state = ThreadPoolState()
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
        precondition(
            (0...Limits.chunks).contains(chunks), "A job has 0 to \(Limits.chunks) chunks, not \(chunks).")
        state.enter()
        defer { state.leave() }
        if chunks <= 1 || workers.isEmpty {
            for chunk in 0..<chunks { body(chunk, 0) }
            return
        }
        withoutActuallyEscaping(body) { state.run(chunks: chunks, $0) }
    }

    /// Says what a later job reads first: threads that wait until then ask for it.
    func expect(_ region: UnsafeRawBufferPointer?) { state.ahead.expect(region) }

    /// The number of physical processors' worth of threads that this machine runs at once: the default size of a pool.
    public static var processorCount: Int { WorkerThread.processorCount }
}
