import Metrics
import Residency

/// What the server counts. Each figure is recorded through swift-metrics; `PrometheusFactory` keeps it.
struct ServerMetrics: Sendable {
    private let factory = PrometheusFactory(MetricName.descriptions)

    /// How a turn ended.
    enum Outcome: String, Sendable, CaseIterable {
        /// The model ended its answer, or a stop string was met.
        case stop
        /// The token limit or the end of the context was reached.
        case length
        /// Its client left.
        case cancelled
        /// The grace of a shutdown was over.
        case cut
        /// The engine failed.
        case failed
        /// It never began: no place, no model, or a request that the model does not take.
        case refused
    }

    init() {
        // What has no labels is there from the start, at zero.
        for name in [MetricName.swaps, MetricName.drains] { counter(name).increment(by: 0) }
    }

    /// A request has its answer, or the head of one.
    func answered(route: String, method: String, status: Int) {
        counter(MetricName.requests, [("route", route), ("method", method), ("status", "\(status)")]).increment()
    }

    /// A turn has its lease, after this long.
    func admitted(after wait: Duration) { timer(MetricName.queueSeconds).record(duration: wait) }

    /// A turn's first token has come, this long after its request.
    func firstToken(model: String, after wait: Duration) {
        timer(MetricName.firstTokenSeconds, [("model", model)]).record(duration: wait)
    }

    /// A turn is over.
    func ended(model: String, _ outcome: Outcome) {
        counter(MetricName.turns, [("model", model), ("outcome", outcome.rawValue)]).increment()
    }

    /// What a turn used.
    func used(model: String, promptTokens: Int, cachedTokens: Int, completionTokens: Int) {
        let labels = [("model", model)]
        counter(MetricName.promptTokens, labels).increment(by: promptTokens)
        counter(MetricName.cachedTokens, labels).increment(by: cachedTokens)
        counter(MetricName.completionTokens, labels).increment(by: completionTokens)
    }

    /// Something happened to the slot.
    func observe(_ event: ResidencyEvent<CatalogModel>) {
        switch event {
        case .loaded(let model, let duration):
            loadEnded(model, "loaded")
            timer(MetricName.loadSeconds, [("model", model.name)]).record(duration: duration)
        case .loadFailed(let model, _, _): loadEnded(model, "failed")
        case .loadAbandoned(let model, _): loadEnded(model, "abandoned")
        case .checkFailed(let model, _): loadEnded(model, "refused")
        case .draining: counter(MetricName.drains).increment()
        case .drained(_, _, let duration): timer(MetricName.drainSeconds).record(duration: duration)
        case .swapped(_, _, let duration):
            counter(MetricName.swaps).increment()
            timer(MetricName.swapSeconds).record(duration: duration)
        case .unloaded(let model, let reason, _):
            counter(MetricName.unloads, [("model", model.name), ("reason", reason.label)]).increment()
        case .admitted(let admission): admitted(after: admission.queued)
        case .loadStarted, .drainAbandoned, .swapWaits: break
        }
    }

    private func loadEnded(_ model: CatalogModel, _ outcome: String) {
        counter(MetricName.loads, [("model", model.name), ("outcome", outcome)]).increment()
    }

    /// Everything as Prometheus reads it, with the state of the slot at this moment.
    func text(_ status: ResidencyStatus<CatalogModel>, residentBytes: UInt64) -> String {
        meter(MetricName.queuedTurns).set(status.queuedTurns)
        meter(MetricName.runningTurns).set(status.resident?.activeTurns ?? 0)
        meter(MetricName.residentBytes).set(Double(residentBytes))
        if let bytes = ProcessMemory.residentBytes { meter(MetricName.processBytes).set(Double(bytes)) }
        return factory.text
    }

    private func counter(_ name: String, _ labels: [(String, String)] = []) -> Counter {
        Counter(label: name, dimensions: labels, factory: factory)
    }

    private func meter(_ name: String) -> Meter { Meter(label: name, factory: factory) }

    private func timer(_ name: String, _ labels: [(String, String)] = []) -> Timer {
        Timer(label: name, dimensions: labels, factory: factory)
    }
}

extension UnloadReason {
    /// The reason as a metric's label, without the name of another model.
    var label: String {
        switch self {
        case .swap: "swap"
        case .idle: "idle"
        case .requested: "requested"
        case .abandoned: "abandoned"
        case .shutdown: "shutdown"
        }
    }
}
