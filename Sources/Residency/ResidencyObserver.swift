/// Something that happened to the slot, for logs and metrics.
public enum ResidencyEvent<Model: Hashable & Sendable>: Sendable {
    /// A load has begun.
    case loadStarted(Model)
    /// A load has ended well, after this long.
    case loaded(Model, after: Duration)
    /// A load has failed, after this long.
    case loadFailed(Model, any Error, after: Duration)
    /// A load was given up, since nobody waited for it any more.
    case loadAbandoned(Model, after: Duration)
    /// A model did not pass the check; what is resident stays.
    case checkFailed(Model, any Error)
    /// A swap waits for this many turns to end.
    case draining(Model, for: Model, turns: Int)
    /// A swap still waits: the watchdog's word, in case somebody wonders why nothing moves.
    case swapWaits(SwapDelay<Model>)
    /// The turns that a swap waited for have ended, after this long.
    case drained(Model, for: Model, after: Duration)
    /// Nobody waits for the other model any more, after this long: the one that was draining stays.
    case drainAbandoned(Model, for: Model, after: Duration)
    /// Another model has taken the slot; from the moment the swap was decided, drain, unload and load together.
    case swapped(from: Model, to: Model, after: Duration)
    /// A model is gone; how long letting go took.
    case unloaded(Model, UnloadReason<Model>, after: Duration)
    /// A turn has its lease.
    case admitted(Admission<Model>)
}

/// Why a swap has not happened yet.
public struct SwapDelay<Model: Hashable & Sendable>: Hashable, Sendable {
    /// The model that is resident.
    public var model: Model
    /// The model that waits for its place.
    public var next: Model
    /// How long the swap has been waiting.
    public var waited: Duration
    /// How many turns hold the resident model.
    public var turns: Int
    /// The turn that has been running longest.
    public var oldestTurn: Ticket
    /// How long it has been running.
    public var running: Duration

    /// Makes one.
    public init(
        model: Model, next: Model, waited: Duration, turns: Int, oldestTurn: Ticket, running: Duration
    ) {
        self.model = model
        self.next = next
        self.waited = waited
        self.turns = turns
        self.oldestTurn = oldestTurn
        self.running = running
    }
}
