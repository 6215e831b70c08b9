internal import ArgumentParser
internal import Catalog
internal import Foundation
internal import Logging
internal import Server
internal import ServiceLifecycle
internal import UnixSignals

/// `conifer serve`: the server.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve the catalog to OpenAI and Ollama clients.",
        discussion: """
            One model is resident at a time; a request that names another swaps it in once running answers have finished. Every \
            flag can also be set as CONIFER_SOME_FLAG; flags win. SIGHUP reads the registry again.

            Examples:
              conifer serve
              conifer serve --port 0 --keep-alive 10m
              conifer serve --host 0.0.0.0 --api-key "$KEY"
            """)

    @OptionGroup var options: ServeOptions

    func validate() throws {
        _ = try ServeSettings(options)
    }

    func run() async throws {
        let settings = try ServeSettings(options)
        let logger = Self.logger(settings)
        let configuration = settings.server
        if !configuration.isLoopback {
            let guarded =
                configuration.apiKey == nil ? "anybody there can use it: set --api-key" : "--api-key guards it"
            logger.warning("the server can be reached from the network at \(configuration.host); \(guarded)")
        }
        let catalog = try Composition.catalog()
        if let name = configuration.defaultModel, catalog.resolve(name).model == nil {
            throw CommandError(
                "--default-model is '\(name)', which the catalog does not have; it has: "
                    + catalog.models.map(\.name).joined(separator: ", "))
        }
        let count = catalog.models.count
        let server = ConiferServer(
            configuration: configuration, catalog: catalog, engine: LocalEngine(options: settings.engine),
            logger: logger
        ) { port in
            let url = ServerLocator.url(host: configuration.host, port: port)
            do {
                try ServerLocator.note(url, port: port)
            } catch {
                logger.warning("other conifer commands will not find this server: \(error)")
            }
            Terminal.line("conifer serving \(count) models on \(url)")
        }
        let group = ServiceGroup(configuration: .init(services: [.init(service: server)], logger: logger))
        let signals = Task { await Self.handleSignals(group, server, logger) }
        defer {
            signals.cancel()
            ServerLocator.removeNote()
        }
        do {
            try await group.run()
        } catch {
            throw CommandError(
                "the server cannot run on \(configuration.host):\(configuration.port): \(error); "
                    + "if the port is taken, choose another with --port, or --port 0 for any")
        }
    }

    /// SIGHUP reads the registry again; the first SIGINT or SIGTERM ends the server gracefully, the second at once.
    private static func handleSignals(
        _ group: ServiceGroup, _ server: ConiferServer<LocalEngine>, _ logger: Logger
    ) async {
        var isEnding = false
        for await signal in await UnixSignalsSequence(trapping: .sighup, .sigint, .sigterm) {
            switch signal {
            case .sighup:
                do {
                    server.replaceCatalog(try Composition.catalog())
                } catch {
                    logger.error("the registry cannot be read again; the catalog stays as it is: \(error)")
                }
            default:
                if isEnding {
                    ServerLocator.removeNote()
                    Foundation.exit(130)
                }
                isEnding = true
                logger.info("shutting down; a second signal ends at once")
                await group.triggerGracefulShutdown()
            }
        }
    }

    private static func logger(_ settings: ServeSettings) -> Logger {
        var logger = Logger(label: "conifer") { label in
            switch settings.logFormat {
            case .text: StreamLogHandler.standardError(label: label)
            case .json: JSONLogHandler(label: label)
            }
        }
        logger.logLevel = settings.logLevel
        return logger
    }
}
