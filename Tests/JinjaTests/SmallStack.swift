#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Runs work on a thread with the smallest stack that a thread of a pool has: 512 KiB, as on macOS.
enum SmallStack {
    private final class Work {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    static func run(_ body: @escaping @Sendable () -> Void) {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        pthread_attr_setstacksize(&attributes, 512 << 10)
        let work = Unmanaged.passRetained(Work(body)).toOpaque()
        #if canImport(Darwin)
            var thread: pthread_t?
            pthread_create(&thread, &attributes, { Self.start($0) }, work)
            if let thread { pthread_join(thread, nil) }
        #else
            var thread = pthread_t()
            pthread_create(
                &thread, &attributes, { argument in argument.flatMap { SmallStack.start($0) } }, work)
            pthread_join(thread, nil)
        #endif
        pthread_attr_destroy(&attributes)
    }

    private static func start(_ work: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
        Unmanaged<Work>.fromOpaque(work).takeRetainedValue().body()
        return nil
    }
}
