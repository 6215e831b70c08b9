/// What a metric is called, what it means, and how it is divided.
struct MetricDescription: Sendable {
    /// Prometheus' convention: `conifer_…_total` counts, `_seconds` and `_bytes` are the units.
    let name: String
    /// One line for people.
    let help: String
    /// Upper bounds of a histogram's buckets, rising; of no meaning to other kinds.
    var buckets: [Double] = []
}
