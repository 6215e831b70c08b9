/// The number of one turn in the life of a process.
public struct Ticket: Hashable, Sendable, CustomStringConvertible {
    /// Counts up from 1.
    public let number: UInt64

    /// Makes the ticket with a number.
    public init(number: UInt64) { self.number = number }

    /// `#7`.
    public var description: String { "#\(number)" }
}

/// Which model a turn asks for, after its name has been looked up in the catalog.
public enum WantedModel<Model: Hashable & Sendable>: Hashable, Sendable {
    /// A catalog entry: it answers, loaded first if need be.
    case model(Model)
    /// The name is not in the catalog: whatever is resident answers.
    case resident
}

/// How a turn came by its lease.
public struct Admission<Model: Hashable & Sendable>: Hashable, Sendable {
    /// The turn.
    public var ticket: Ticket
    /// The model that answers.
    public var model: Model
    /// Whether the turn waited for a load of this model.
    public var waitedForLoad: Bool
    /// Whether it asked for an unknown name, so that whatever is resident answers.
    public var isFallback: Bool
    /// How long it was queued.
    public var queued: Duration
}

/// Where the present `keep_alive` of the resident model came from.
public enum KeepAliveSource: String, Hashable, Sendable {
    /// A request carried it.
    case request
    /// It is the server's default.
    case `default`
}
