internal import OrderedCollections
internal import OrderedJSON

/// Median, least and greatest of repeated measurements.
struct Statistics {
    let median: Double
    let minimum: Double
    let maximum: Double

    /// Of at least one value.
    init(_ values: [Double]) {
        precondition(!values.isEmpty, "statistics of no measurement")
        let sorted = values.sorted()
        let middle = sorted.count / 2
        median = sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
        minimum = sorted[0]
        maximum = sorted[sorted.count - 1]
    }

    /// `{"median": …, "min": …, "max": …}`.
    var json: JSON {
        .object(["median": .number(median), "min": .number(minimum), "max": .number(maximum)])
    }
}
