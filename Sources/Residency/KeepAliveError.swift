/// A `keep_alive` value that could not be read. The policy stays as it was.
public struct KeepAliveError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Why it could not be read.
    public enum Reason: Hashable, Sendable {
        /// Neither a string nor a number; the name of the type that was found.
        case wrongType(String)
        /// A number that a double cannot hold.
        case notFinite
        /// An empty string.
        case empty
        /// A part of a duration has a number but no unit: `1m30`.
        case missingUnit
        /// A part of a duration has a unit that is not one: `1d`.
        case unknownUnit(String)
        /// Not a duration at all: `forever`.
        case notADuration
    }

    /// The value as it came, shortened.
    public var found: String
    /// Why it could not be read.
    public var reason: Reason

    /// Makes an error about a value; no more than 40 characters of it are kept.
    public init(found: String, reason: Reason) {
        self.found = found.count > 40 ? found.prefix(40) + "…" : found
        self.reason = reason
    }

    /// What was found, why it does not do, and what does.
    public var description: String {
        let why =
            switch reason {
            case .wrongType(let type): "\(type) is neither a duration nor a number of seconds"
            case .notFinite: "\(found) is not a finite number of seconds"
            case .empty: "an empty string is not a duration"
            case .missingUnit: "missing unit in duration \"\(found)\""
            case .unknownUnit(let unit): "unknown unit \"\(unit)\" in duration \"\(found)\""
            case .notADuration: "invalid duration \"\(found)\""
            }
        return "invalid keep_alive: \(why); use a duration such as \"5m\" or \"1h30m\", a number of seconds, "
            + "0 to unload at once, or -1 to keep the model"
    }
}
