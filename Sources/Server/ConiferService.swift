import Catalog
import Inference
import Logging
import OrderedJSON
import Residency
import Synchronization

/// What all routes share: the catalog, the slot, the rules.
final class ConiferService<Engine: ModelEngine>: Sendable {
    typealias Model = Engine.Model

    let configuration: ServerConfiguration
    let loader: CatalogLoader<Engine>
    let residency: ResidencyManager<CatalogLoader<Engine>, ContinuousClock>
    let logger: Logger
    let metrics: ServerMetrics
    let facts = ModelFactsCache()
    private let currentCatalog: Mutex<ServedCatalog>
    private let toldNames = Mutex<Set<String>>([])

    init(configuration: ServerConfiguration, catalog: ServedCatalog, engine: Engine, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        let loader = CatalogLoader(engine: engine)
        self.loader = loader
        let metrics = ServerMetrics()
        self.metrics = metrics
        let log = ResidencyLog(logger: logger) { loader.information(of: $0) }
        currentCatalog = Mutex(catalog)
        residency = ResidencyManager(
            loader: loader, clock: ContinuousClock(),
            configuration: ResidencyConfiguration(
                keepAlive: configuration.keepAlive, maxQueue: configuration.maxQueue,
                parallel: configuration.parallel, linger: configuration.linger),
            servable: Self.servable(catalog, configuration)
        ) { event in
            metrics.observe(event)
            log.write(event)
        }
    }

    /// The catalog that names are looked up in now.
    var catalog: ServedCatalog { currentCatalog.withLock { $0 } }

    /// Serves another catalog from now on. What is resident stays until it is swapped out.
    func replaceCatalog(_ catalog: ServedCatalog) {
        currentCatalog.withLock { $0 = catalog }
        facts.keep(catalog.models)
        residency.changeCatalog(Self.servable(catalog, configuration))
        logger.info("the catalog was read again", metadata: ["models": "\(catalog.models.count)"])
    }

    private static func servable(
        _ catalog: ServedCatalog, _ configuration: ServerConfiguration
    ) -> ServableModels<CatalogModel> {
        ServableModels(
            models: catalog.models.map { CatalogModel(reference: $0) },
            preferred: catalog.resolve(configuration.defaultModel).model.map { CatalogModel(reference: $0) })
    }

    /// What a name means: an entry of the catalog, or whatever is resident. An unknown name is told to the log once.
    func wanted(_ name: String?) -> WantedModel<CatalogModel> {
        if let reference = catalog.resolve(name).model { return .model(CatalogModel(reference: reference)) }
        let shown = (name ?? "").shortened(to: 80)
        let isNew = toldNames.withLock { names in
            names.count < Limits.rememberedNames && names.insert(shown).inserted
        }
        if isNew {
            logger.notice(
                "a request names no model of the catalog; the resident one answers, else the default one, if any",
                metadata: ["name": "\(shown.debugDescription)"])
        }
        return .resident
    }

    /// Reads a `keep_alive` value: before anything is loaded, swapped or generated.
    func keepAlive(_ value: JSON?) throws(KeepAliveError) -> KeepAlive? {
        switch value {
        case nil, .null: return nil
        case .string(let text): return try KeepAlive(parsing: text)
        case .integer(let seconds): return KeepAlive(seconds: seconds)
        case .number(let seconds): return try KeepAlive(seconds: seconds)
        case let other?:
            throw KeepAliveError(found: "\(other)", reason: .wrongType(other.kindName))
        }
    }

    /// What a client that waits for its model may be told.
    var waitingText: String {
        let status = residency.status
        switch status.resident {
        case let resident? where resident.state == .loading:
            return "loading \(resident.model.name) \(Int(resident.loadProgress * 100)) %"
        case let resident? where resident.state == .draining:
            return "waiting for \(resident.model.name) to finish \(resident.activeTurns) turns"
        default:
            return "waiting, \(status.queuedTurns) in the queue"
        }
    }
}
