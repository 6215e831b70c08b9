import Metrics
import Synchronization

/// A backend of swift-metrics that keeps its figures in memory and writes them as Prometheus reads them.
///
/// Labels are bounded: a metric keeps `Limits.metricSeries` sets of them, and whatever comes beyond is counted together
/// under `other`, so that no client can fill the memory with names.
final class PrometheusFactory: MetricsFactory {
    /// Kinds as the exposition names them.
    enum Kind: String, Sendable {
        case counter
        case gauge
        case histogram
    }

    struct Family: Sendable {
        let kind: Kind
        let description: MetricDescription
        var series: [[MetricLabel]: any MetricSeries] = [:]
    }

    private let descriptions: [String: MetricDescription]
    private let families = Mutex<[String: Family]>([:])

    /// Makes a backend.
    ///
    /// - Parameter descriptions: of the metrics that have a help text or buckets; others are taken as they come.
    init(_ descriptions: [MetricDescription]) {
        self.descriptions = Dictionary(descriptions.map { ($0.name, $0) }) { first, _ in first }
    }

    /// Everything, in the text format 0.0.4.
    var text: String {
        Exposition.write(families.withLock { $0 })
    }

    func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, .counter, dimensions) { _ in CounterSeries() } ?? NOOPMetricsHandler.instance
    }

    func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, .gauge, dimensions) { _ in GaugeSeries() } ?? NOOPMetricsHandler.instance
    }

    func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        if aggregate {
            series(label, .histogram, dimensions) { HistogramSeries(bounds: $0.buckets) } ?? NOOPMetricsHandler.instance
        } else {
            series(label, .gauge, dimensions) { _ in GaugeSeries() } ?? NOOPMetricsHandler.instance
        }
    }

    func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(label, .histogram, dimensions) { HistogramSeries(bounds: $0.buckets) } ?? NOOPMetricsHandler.instance
    }

    // A series goes on for as long as the process, or rates over it would jump.
    func destroyCounter(_ handler: any CounterHandler) {}
    func destroyMeter(_ handler: any MeterHandler) {}
    func destroyRecorder(_ handler: any RecorderHandler) {}
    func destroyTimer(_ handler: any TimerHandler) {}

    /// The series of these labels, made if it is new; nil if the name belongs to a metric of another kind.
    private func series<Series: MetricSeries>(
        _ label: String, _ kind: Kind, _ dimensions: [(String, String)], make: (MetricDescription) -> Series
    ) -> Series? {
        let description = descriptions[label] ?? MetricDescription(name: label, help: "")
        let labels = dimensions.map { MetricLabel(name: $0.0, value: $0.1) }
        return families.withLock { families in
            var family = families[label] ?? Family(kind: kind, description: description)
            guard family.kind == kind else { return nil }
            let isRoom = family.series[labels] != nil || family.series.count < Limits.metricSeries
            let kept = isRoom ? labels : labels.map { MetricLabel(name: $0.name, value: "other") }
            let series = family.series[kept] ?? make(description)
            family.series[kept] = series
            families[label] = family
            return series as? Series
        }
    }
}

/// A label of a metric.
struct MetricLabel: Hashable, Comparable, Sendable {
    var name: String
    var value: String

    static func < (left: MetricLabel, right: MetricLabel) -> Bool {
        (left.name, left.value) < (right.name, right.value)
    }
}
