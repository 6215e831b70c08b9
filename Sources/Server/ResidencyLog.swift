import Inference
import Logging
import Residency

/// One log line for each load, swap, drain and unload, with how long it took and how many bytes it is about.
struct ResidencyLog: Sendable {
    let logger: Logger
    let information: @Sendable (CatalogModel) -> ModelInformation?

    func write(_ event: ResidencyEvent<CatalogModel>) {
        switch event {
        case .loadStarted(let model): logger.debug("loading", metadata: metadata(model, nil))
        case .loaded(let model, let duration): loaded(model, duration)
        case .loadFailed(let model, let error, let duration):
            logger.error("a load failed", metadata: metadata(model, duration).with("error", text(error)))
        case .loadAbandoned(let model, let duration):
            logger.info("a load was given up, nobody waits for it", metadata: metadata(model, duration))
        case .checkFailed(let model, let error):
            logger.error(
                "a model cannot be loaded; what is resident stays",
                metadata: metadata(model, nil).with("error", text(error)))
        case .unloaded(let model, let reason, let duration):
            var metadata = metadata(model, duration).with("reason", text(reason))
            // What the system says, after what the plan says: they should agree.
            if let bytes = ProcessMemory.residentBytes { metadata["resident_set"] = "\(bytes)" }
            logger.info("unloaded", metadata: metadata)
        case .admitted(let admission):
            logger.debug(
                "a turn has its lease",
                metadata: metadata(admission.model, admission.queued).with("turn", "\(admission.ticket)"))
        case .draining, .drained, .drainAbandoned, .swapped, .swapWaits: writeSwap(event)
        }
    }

    private func writeSwap(_ event: ResidencyEvent<CatalogModel>) {
        switch event {
        case .draining(let model, let next, let turns):
            logger.info("draining before a swap", metadata: metadata(model, nil, next).with("turns", "\(turns)"))
        case .drained(let model, let next, let duration):
            logger.info("drained", metadata: metadata(model, duration, next))
        case .drainAbandoned(let model, let next, let duration):
            logger.info("the swap is off, nobody waits for it", metadata: metadata(model, duration, next))
        case .swapped(let old, let new, let duration):
            logger.info("swapped", metadata: metadata(new, duration).with("from", old.name))
        case .swapWaits(let delay):
            let metadata = metadata(delay.model, delay.running, delay.next).with("turns", "\(delay.turns)")
            logger.warning(
                "swap waiting \(Int(delay.waited.seconds)) s for turn \(delay.oldestTurn)", metadata: metadata)
        default: break
        }
    }

    private func loaded(_ model: CatalogModel, _ duration: Duration) {
        var metadata = metadata(model, duration)
        if let information = information(model) {
            metadata["weights"] = "\(information.memory.weights)"
            metadata["cache"] = "\(information.memory.cache)"
            metadata["scratch"] = "\(information.memory.scratch)"
            metadata["context"] = "\(information.contextLength)"
        }
        logger.info("loaded", metadata: metadata)
        guard let information = information(model), information.isContextCut else { return }
        logger.notice(
            "the context is cut to what fits the memory budget",
            metadata: [
                "model": "\(model.name)", "context": "\(information.contextLength)",
                "trained": "\(information.trainedContextLength)",
            ])
    }

    private func metadata(
        _ model: CatalogModel, _ duration: Duration?, _ next: CatalogModel? = nil
    ) -> Logger.Metadata {
        var metadata: Logger.Metadata = ["model": "\(model.name)"]
        if let next { metadata["next"] = "\(next.name)" }
        if let duration { metadata["seconds"] = "\((duration.seconds * 1_000).rounded() / 1_000)" }
        if let memory = information(model)?.memory { metadata["bytes"] = "\(memory.total)" }
        return metadata
    }

    private func text(_ error: any Error) -> String { ServiceError(error).message }

    private func text(_ reason: UnloadReason<CatalogModel>) -> String {
        switch reason {
        case .swap(let next): "swap to \(next.name)"
        case .idle: "idle"
        case .requested: "keep_alive 0"
        case .abandoned: "nobody waits for it"
        case .shutdown: "shutdown"
        }
    }
}

extension Logger.Metadata {
    /// This and one more entry.
    fileprivate func with(_ key: String, _ value: String) -> Logger.Metadata {
        var metadata = self
        metadata[key] = "\(value)"
        return metadata
    }
}
