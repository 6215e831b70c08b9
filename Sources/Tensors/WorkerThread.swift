#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// A named system thread that runs one function and can be waited for.
final class WorkerThread: @unchecked Sendable {
    private let thread: pthread_t

    private final class Start {
        let number: Int
        let body: @Sendable () -> Void
        init(number: Int, body: @escaping @Sendable () -> Void) {
            self.number = number
            self.body = body
        }
    }

    /// Starts the thread; nil if the system refuses one more.
    init?(number: Int, body: @escaping @Sendable () -> Void) {
        let start = Unmanaged.passRetained(Start(number: number, body: body))
        #if canImport(Darwin)
            var created: pthread_t?
        #else
            var created = pthread_t()
        #endif
        let failure = pthread_create(&created, nil, { WorkerThread.main($0) }, start.toOpaque())
        guard failure == 0 else {
            start.release()
            return nil
        }
        #if canImport(Darwin)
            guard let created else { return nil }
        #endif
        thread = created
    }

    /// Waits until the function has returned.
    func join() { pthread_join(thread, nil) }

    #if canImport(Darwin)
        private typealias StartArgument = UnsafeMutableRawPointer
    #else
        private typealias StartArgument = UnsafeMutableRawPointer?
    #endif

    private static func main(_ argument: StartArgument) -> UnsafeMutableRawPointer? {
        #if canImport(Darwin)
            let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
            pthread_setname_np("conifer-\(start.number)")
            pthread_set_qos_class_self_np(QOS_CLASS_USER_INITIATED, 0)
        #else
            guard let argument else { return nil }
            let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
        #endif
        start.body()
        return nil
    }
}
