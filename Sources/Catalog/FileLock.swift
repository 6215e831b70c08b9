#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// An exclusive lock on a file of its own, held by this value. It ends with the process at the latest, so a crash leaves
/// nothing locked. Threads of one process exclude each other too: every lock opens the file anew.
struct FileLock: ~Copyable {
    private let descriptor: Int32

    /// Waits until nobody else holds the lock.
    init(path: String) throws(CatalogError) {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw System.failure(path, "open the lock") }
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else {
                let error = System.failure(path, "lock it")
                close(descriptor)
                throw error
            }
        }
    }

    deinit {
        close(descriptor)
    }
}
