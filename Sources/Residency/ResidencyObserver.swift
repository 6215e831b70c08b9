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
    /// A model is gone; how long letting go took.
    case unloaded(Model, UnloadReason<Model>, after: Duration)
    /// A turn has its lease.
    case admitted(Admission<Model>)
}
