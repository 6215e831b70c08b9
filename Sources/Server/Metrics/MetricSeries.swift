import Metrics
import Synchronization

/// One line of a metric, or of a histogram several: the values of one set of labels.
protocol MetricSeries: AnyObject, Sendable {
    /// The samples: what is added to the metric's name, an extra label, and the value as written.
    var samples: [MetricSample] { get }
}

/// A value with its place.
struct MetricSample: Sendable, Equatable {
    var suffix = ""
    /// The upper bound of a histogram's bucket.
    var bound: String?
    var value: String
}

/// Only ever grows.
final class CounterSeries: MetricSeries, CounterHandler {
    private let count = Mutex<Int64>(0)

    func increment(by amount: Int64) { count.withLock { $0 = $0.addingReportingOverflow(amount).partialValue } }
    func reset() { count.withLock { $0 = 0 } }

    var samples: [MetricSample] { [MetricSample(value: "\(count.withLock { $0 })")] }
}

/// Goes up and down.
final class GaugeSeries: MetricSeries, MeterHandler, RecorderHandler {
    private let current = Mutex(0.0)

    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { current.withLock { $0 = value } }
    func increment(by amount: Double) { current.withLock { $0 += amount } }
    func decrement(by amount: Double) { current.withLock { $0 -= amount } }
    func record(_ value: Int64) { set(Double(value)) }
    func record(_ value: Double) { set(value) }

    var samples: [MetricSample] { [MetricSample(value: Exposition.text(current.withLock { $0 }))] }
}

/// Counts how many values lie below each of its bounds. Durations are in seconds.
final class HistogramSeries: MetricSeries, TimerHandler, RecorderHandler {
    private struct State {
        /// The last one counts what is above all bounds.
        var counts: [Int64]
        var sum = 0.0
    }

    private let bounds: [Double]
    private let state: Mutex<State>

    init(bounds: [Double]) {
        self.bounds = bounds
        state = Mutex(State(counts: Array(repeating: 0, count: bounds.count + 1)))
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
        state.withLock { state in
            state.counts[bucket] += 1
            state.sum += value
        }
    }

    var samples: [MetricSample] {
        let state = state.withLock { $0 }
        var total: Int64 = 0
        var samples: [MetricSample] = []
        for (count, bound) in zip(state.counts, bounds.map(Exposition.text) + ["+Inf"]) {
            total += count
            samples.append(MetricSample(suffix: "_bucket", bound: bound, value: "\(total)"))
        }
        samples.append(MetricSample(suffix: "_sum", value: Exposition.text(state.sum)))
        samples.append(MetricSample(suffix: "_count", value: "\(total)"))
        return samples
    }
}
