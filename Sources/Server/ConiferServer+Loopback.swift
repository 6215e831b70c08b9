import Hummingbird
import Logging
import NIOCore

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

extension ConiferServer {
    /// Serves on the configured address; on the loopback one over IPv4 and IPv6 alike, since `localhost` means either and
    /// clients differ in which they try first.
    func listen() async throws {
        guard ["127.0.0.1", "localhost"].contains(service.configuration.host.lowercased()) else {
            return try await application(isListening: onListening).runService(gracefulShutdownSignals: [])
        }
        let port = Outcome<Int>()
        let second = Outcome<Void>()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                // A server that is shut down before it listens leaves nobody waiting for its port.
                defer { port.resolve(.failure(CancellationError())) }
                let first = application(host: "127.0.0.1") { taken in
                    port.resolve(.success(taken))
                    // Both answer before anybody hears of the port.
                    try? await second.value()
                    await onListening(taken)
                }
                try await first.runService(gracefulShutdownSignals: [])
            }
            group.addTask {
                guard let port = try? await port.value() else { return }
                do {
                    try await application(host: "::1", port: port) { _ in second.resolve(.success(())) }
                        .runService(gracefulShutdownSignals: [])
                } catch {
                    if second.isResolved { throw error }
                    tellWithout(error, port: port)
                }
                second.resolve(.success(()))
            }
            try await group.waitForAll()
        }
    }

    /// The one line about an IPv6 loopback address that cannot be had.
    private func tellWithout(_ error: any Error, port: Int) {
        if let error = error as? IOError, error.errnoCode == EADDRINUSE {
            service.logger.warning(
                "another program has port \(port) of ::1: clients that try IPv6 first speak to it, not to this server")
        } else {
            service.logger.info("there is no ::1 here, so only 127.0.0.1 is served", metadata: ["error": "\(error)"])
        }
    }
}
