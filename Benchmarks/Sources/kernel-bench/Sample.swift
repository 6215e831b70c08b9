/// Rates of many short runs of the same work: the best says what the machine can do, the median what it did, other
/// programs' share taken off.
struct Sample {
    private var rates: [Double] = []

    /// Runs `work` `times` times; `amount` is what one run does, in billions (bytes, multiply-adds).
    init(times: Int, amount: Double, _ work: (_ run: Int) -> Void) {
        let clock = ContinuousClock()
        for run in 0..<times {
            let took = clock.measure { work(run) }
            let seconds = Double(took.components.seconds) + Double(took.components.attoseconds) * 1e-18
            rates.append(amount / seconds)
        }
        rates.sort()
    }

    var best: Double { rates.last ?? 0 }
    var median: Double { rates.isEmpty ? 0 : rates[rates.count / 2] }

    /// Best and median, right-aligned.
    var text: String { "\(column(best)) \(column(median))" }
}

/// A number with one decimal, ten characters wide.
func column(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return padded("\(tenths / 10).\(tenths % 10)", 8)
}

/// Text right-aligned in `width` characters.
func padded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.utf8.count)) + text
}
