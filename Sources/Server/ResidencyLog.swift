import Inference
import Logging
import Residency

/// One log line for each load, swap, drain and unload.
enum ResidencyLog {
    static func write(
        _ event: ResidencyEvent<CatalogModel>, to logger: Logger, information: (CatalogModel) -> ModelInformation?
    ) {
        func metadata(_ model: CatalogModel, _ duration: Duration?) -> Logger.Metadata {
            var metadata: Logger.Metadata = ["model": "\(model.name)"]
            if let duration { metadata["seconds"] = "\(rounded(duration))" }
            if let memory = information(model)?.memory { metadata["bytes"] = "\(memory.total)" }
            return metadata
        }
        switch event {
        case .loadStarted(let model): logger.debug("loading", metadata: metadata(model, nil))
        case .loaded(let model, let duration): logger.info("loaded", metadata: metadata(model, duration))
        case .loadFailed(let model, let error, let duration):
            logger.error(
                "a load failed",
                metadata: metadata(model, duration).merging(["error": "\(ServiceError(error).message)"]) { $1 })
        case .loadAbandoned(let model, let duration):
            logger.info("a load was given up, nobody waits for it", metadata: metadata(model, duration))
        case .checkFailed(let model, let error):
            logger.error(
                "a model cannot be loaded; what is resident stays",
                metadata: metadata(model, nil).merging(["error": "\(ServiceError(error).message)"]) { $1 })
        case .draining(let model, let next, let turns):
            logger.info(
                "draining before a swap",
                metadata: ["model": "\(model.name)", "next": "\(next.name)", "turns": "\(turns)"])
        case .unloaded(let model, let reason, let duration):
            logger.info(
                "unloaded", metadata: metadata(model, duration).merging(["reason": "\(text(reason))"]) { $1 })
        case .admitted: break
        }
    }

    private static func rounded(_ duration: Duration) -> Double { (duration.seconds * 1_000).rounded() / 1_000 }

    private static func text(_ reason: UnloadReason<CatalogModel>) -> String {
        switch reason {
        case .swap(let next): "swap to \(next.name)"
        case .idle: "idle"
        case .requested: "keep_alive 0"
        case .abandoned: "nobody waits for it"
        case .shutdown: "shutdown"
        }
    }
}
