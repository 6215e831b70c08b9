#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// Where the threads of a pool sleep: one lock, one condition for the workers and one for the caller.
///
/// The condition a sleeper waits for is changed without the lock; the waker takes the lock once after the change, so
/// that it cannot fall between the sleeper's check and its sleep.
final class Bed: @unchecked Sendable {
    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let workers = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private let caller = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    init() {
        lock.initialize(to: pthread_mutex_t())
        workers.initialize(to: pthread_cond_t())
        caller.initialize(to: pthread_cond_t())
        let failures = [
            pthread_mutex_init(lock, nil), pthread_cond_init(workers, nil), pthread_cond_init(caller, nil),
        ]
        precondition(failures.allSatisfy { $0 == 0 }, "The system gives no lock to a thread pool: \(failures).")
    }

    deinit {
        pthread_cond_destroy(caller)
        pthread_cond_destroy(workers)
        pthread_mutex_destroy(lock)
        caller.deallocate()
        workers.deallocate()
        lock.deallocate()
    }

    func sleepAsWorker(until isCalled: () -> Bool) { sleep(on: workers, until: isCalled) }

    func sleepAsCaller(until isFinished: () -> Bool) { sleep(on: caller, until: isFinished) }

    func wakeWorkers() {
        passThroughLock()
        pthread_cond_broadcast(workers)
    }

    func wakeCaller() {
        passThroughLock()
        pthread_cond_signal(caller)
    }

    private func sleep(on condition: UnsafeMutablePointer<pthread_cond_t>, until isTrue: () -> Bool) {
        pthread_mutex_lock(lock)
        while !isTrue() { pthread_cond_wait(condition, lock) }
        pthread_mutex_unlock(lock)
    }

    private func passThroughLock() {
        pthread_mutex_lock(lock)
        pthread_mutex_unlock(lock)
    }
}

/// Nanoseconds of a clock that only goes forward.
func monotonicNanoseconds() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}
