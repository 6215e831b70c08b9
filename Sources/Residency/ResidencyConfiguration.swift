/// The rules of the one slot that a user may choose.
public struct ResidencyConfiguration: Sendable {
    /// The policy of a load whose request carries none.
    public var keepAlive: KeepAlive
    /// How many turns may wait; one more is refused.
    public var maxQueue: Int
    /// How many turns may run at once on the resident model; further ones queue for it.
    public var parallel: Int
    /// Until the oldest waiting turn is this old, turns for the resident model go on joining it.
    public var linger: Duration
    /// A swap that waits this long for running turns is told of, and again each time its wait has doubled.
    public var watchdog: Duration

    /// Makes the rules; counts below one are taken for one, since otherwise nothing could ever be answered.
    public init(
        keepAlive: KeepAlive = .after(.seconds(300)), maxQueue: Int = 512, parallel: Int = .max,
        linger: Duration = .zero, watchdog: Duration = .seconds(30)
    ) {
        self.keepAlive = keepAlive
        self.maxQueue = max(1, maxQueue)
        self.parallel = max(1, parallel)
        self.linger = max(.zero, linger)
        self.watchdog = max(.milliseconds(1), watchdog)
    }
}

/// What may be loaded, and what answers an unknown name while nothing is resident.
public struct ServableModels<Model: Hashable & Sendable>: Sendable {
    /// Every model of the catalog, in its order.
    public var models: [Model]
    /// `--default-model`; without one it is the model that was resident last, then the first of the catalog.
    public var preferred: Model?

    /// Makes a list.
    public init(models: [Model], preferred: Model? = nil) {
        self.models = models
        self.preferred = preferred
    }
}
