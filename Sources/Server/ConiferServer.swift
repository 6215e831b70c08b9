public import Catalog
import Hummingbird
import HummingbirdCore
public import Logging
import NIOCore
import Residency
public import ServiceLifecycle

/// The server: any model of the catalog, one at a time, over OpenAI's and Ollama's wire.
///
/// ```swift
/// let server = ConiferServer(configuration: .init(), catalog: catalog, engine: engine, logger: logger) { port in … }
/// try await ServiceGroup(services: [server], gracefulShutdownSignals: [.sigint, .sigterm], logger: logger).run()
/// ```
public struct ConiferServer<Engine: ModelEngine>: Service {
    let service: ConiferService<Engine>
    let onListening: @Sendable (Int) async -> Void

    /// Makes a server; it listens once it is run.
    ///
    /// - Parameter onListening: called with the port as soon as requests are answered.
    public init(
        configuration: ServerConfiguration, catalog: ServedCatalog, engine: Engine, logger: Logger,
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) {
        self.init(
            service: ConiferService(configuration: configuration, catalog: catalog, engine: engine, logger: logger),
            onListening: onListening)
    }

    init(service: ConiferService<Engine>, onListening: @escaping @Sendable (Int) async -> Void) {
        self.service = service
        self.onListening = onListening
    }

    /// Serves another catalog from now on; what is resident stays until it is swapped out.
    public func replaceCatalog(_ catalog: ServedCatalog) {
        service.replaceCatalog(catalog)
    }

    /// Serves until the surrounding service group shuts down gracefully: then it takes no more connections, lets turns finish
    /// for the grace, cuts the rest with an error of their own, and has given the model's memory back when it returns.
    public func run() async throws {
        // A client that does not read its answer would hold its connection, and so the process, beyond the grace.
        let isOver = Outcome<ServiceError>()
        try await withGracefulShutdownHandler {
            do {
                try await withInterruptions([isOver]) { try await listen() }
            } catch  where isOver.isResolved {}
        } onGracefulShutdown: {
            Task {
                await end()
                try? await Task.sleep(for: Limits.farewell)
                isOver.resolve(.success(.shuttingDown))
            }
        }
        await end()
    }

    private func end() async {
        await service.residency.shutDown(grace: service.configuration.shutdownGrace)
    }

    /// The application below the server.
    ///
    /// - Parameters:
    ///   - host: the configured one if nil.
    ///   - port: the configured one if nil.
    ///   - isListening: called with the port that was taken.
    func application(
        host: String? = nil, port: Int? = nil, isListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) -> Application<ConiferResponder<Engine>> {
        let configuration = service.configuration
        let port = port ?? configuration.port
        let decoder = HTTP1Channel.Configuration.DecoderConfiguration(
            maxHeaderFieldSize: Limits.headerBytes, maxHeaderListSize: Limits.headerBytes,
            maxHeaderFieldCount: Limits.headerFields)
        return Application(
            responder: ConiferResponder(service: service),
            server: .http1(
                configuration: HTTP1Channel.Configuration(
                    additionalChannelHandlers: [
                        TargetAuthority.Installer(), ClientWatchHandler(), BodyDeadline(configuration.bodyTimeout),
                        StalledReader(configuration.stallTimeout),
                    ],
                    idleTimeout: TimeAmount(configuration.idleTimeout), httpDecoderConfiguration: decoder)),
            configuration: ApplicationConfiguration(
                address: .hostname(host ?? configuration.host, port: port), serverName: "conifer"),
            onServerRunning: { channel in await isListening(channel.localAddress?.port ?? port) },
            logger: service.logger)
    }
}
