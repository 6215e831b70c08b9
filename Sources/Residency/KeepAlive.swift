/// How long a resident model may stay without a turn: the value of `keep_alive`.
///
/// The windows are whole nanoseconds, as Ollama's clients count them; anything past 292 years (2^63 ns) is `forever`.
public enum KeepAlive: Hashable, Sendable {
    /// Unload after this much idle time; zero unloads the moment the last turn ends. Never negative.
    case after(Duration)
    /// Pin the model: the reaper never touches it. Another model may still take its place.
    case forever

    /// Unload as soon as the last turn has ended.
    public static let zero = KeepAlive.after(.zero)

    /// The window; `nil` of a pinned model.
    public var window: Duration? {
        switch self {
        case .after(let window): window
        case .forever: nil
        }
    }

    /// Reads a bare JSON number of seconds: fractions are kept down to the nanosecond, a negative number pins.
    ///
    /// - Throws: `KeepAliveError` if the number is not finite (`1e400` does not fit a double).
    public init(seconds: Double) throws(KeepAliveError) {
        guard seconds.isFinite else { throw KeepAliveError(found: "\(seconds)", reason: .notFinite) }
        let nanoseconds = seconds * 1e9
        if seconds < 0 || nanoseconds >= 0x1p63 {
            self = .forever
        } else {
            self = .after(.nanoseconds(Int64(nanoseconds)))
        }
    }

    /// Reads a bare JSON integer of seconds.
    public init(seconds: Int64) {
        let (nanoseconds, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        self = seconds < 0 || overflow ? .forever : .after(.nanoseconds(nanoseconds))
    }
}

extension KeepAlive: CustomStringConvertible {
    /// The value as a user would write it: `5m`, `1h30m`, `0s`, `-1` of a pin. Reading it gives the same value back.
    public var description: String {
        guard let window else { return "-1" }
        let (seconds, attoseconds) = window.components
        var text = ""
        if seconds >= 3600 { text += "\(seconds / 3600)h" }
        if seconds % 3600 >= 60 { text += "\(seconds % 3600 / 60)m" }
        if seconds % 60 > 0 { text += "\(seconds % 60)s" }
        let nanoseconds = attoseconds / 1_000_000_000
        if nanoseconds >= 1_000_000 { text += "\(nanoseconds / 1_000_000)ms" }
        if nanoseconds % 1_000_000 > 0 { text += "\(nanoseconds % 1_000_000)ns" }
        return text.isEmpty ? "0s" : text
    }
}
