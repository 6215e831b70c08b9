/// The one slot, as a pure state machine: events go in with the time they happened at, effects come out.
///
/// No clock, no task, no engine. Every decision about what is loaded, who waits and who runs is made here, from one
/// state, in one call: nothing is ever decided from a copy that has grown stale in between.
///
/// The queue holds the turns that may not join the resident model. Its head always wants another model than the
/// resident one (or the slot is not ready), so a queue that is not empty while a model is resident means that a swap
/// waits. Turns that did join, but find all `parallel` places taken, wait inside the `Resident` and hold it as
/// a lease does.
struct ResidencyStateMachine<Model: Hashable & Sendable, Instant: InstantProtocol & Sendable>: Sendable
where Instant.Duration == Duration {
    typealias Effect = ResidencyEffect<Model>

    /// A turn without a lease.
    struct Waiter: Sendable {
        var ticket: Ticket
        var wanted: WantedModel<Model>
        var arrived: Instant
    }

    /// A turn that holds the resident model.
    struct Holder: Sendable {
        var since: Instant
        /// Its place among all that has a say in the policy; see `Resident.lastOrder`.
        var order: Int
    }

    /// How long a model may stay without a turn.
    struct Policy: Sendable {
        var keepAlive: KeepAlive
        var source: KeepAliveSource
        /// Whose it is; the load's own comes before every lease.
        var order = 0
    }

    /// The model in the slot, ready to run turns.
    struct Resident: Sendable {
        var model: Model
        var policy: Policy
        /// Counts leases and unload requests. Turns are accepted in any order, but the last lease has the last word.
        var lastOrder = 0
        /// Turns that run.
        var leases: [Ticket: Holder] = [:]
        /// Turns that wait for one of the `parallel` places; the flag says whether they waited for the load.
        var joined: [(waiter: Waiter, waitedForLoad: Bool)] = []
        /// When the last turn ended, or the load.
        var idleSince: Instant
        /// The swap that waits for the turns to end.
        var drain: Drain?

        var isIdle: Bool { leases.isEmpty && joined.isEmpty }

        /// When the reaper may take it; `nil` while turns run, and of a pinned model.
        var deadline: Instant? {
            guard isIdle, let window = policy.keepAlive.window else { return nil }
            return idleSince.advanced(by: window)
        }
    }

    /// A swap that is decided and waits for turns.
    struct Drain: Sendable {
        var next: Model
        var began: Instant
        /// When the watchdog speaks up.
        var reminder: Instant
    }

    /// A model has been let go for another one, which is not here yet.
    struct Swap: Sendable {
        var from: Model
        var began: Instant
    }

    /// The model that is on its way into the slot.
    struct Loading: Sendable {
        var model: Model
        var progress = 0.0
        /// Nobody waits for it any more; its end is awaited.
        var isCancelled = false
        /// An unload was asked for meanwhile: the policy that the model starts with.
        var keepAlive: KeepAlive?
    }

    enum Slot: Sendable {
        case empty
        case loading(Loading)
        case resident(Resident)
        /// Being let go; nothing joins it any more. The policy is the one that it had.
        case unloading(Model, Policy)
    }

    enum Check: Hashable, Sendable {
        case none
        case running(Model)
        case passed(Model)
    }

    enum Shutdown: Hashable, Sendable {
        case no
        /// Turns may still finish until the instant.
        case grace(Instant)
        /// Turns have been cut.
        case cut
        /// Nothing is left.
        case complete
    }

    var configuration: ResidencyConfiguration
    var servable: ServableModels<Model>
    var slot = Slot.empty
    var check = Check.none
    var swap: Swap?
    var queue: [Waiter] = []
    var shutdown = Shutdown.no
    /// The model that was resident last.
    var lastResident: Model?

    init(configuration: ResidencyConfiguration, servable: ServableModels<Model>) {
        self.configuration = configuration
        self.servable = servable
    }

    /// The policy that a model starts with.
    func policy(of loading: Loading) -> Policy {
        Policy(
            keepAlive: loading.keepAlive ?? configuration.keepAlive,
            source: loading.keepAlive == nil ? .default : .request)
    }

    /// What answers an unknown name while nothing is resident; `nil` with an empty catalog.
    var defaultModel: Model? {
        if let preferred = servable.preferred, servable.models.contains(preferred) { return preferred }
        if let lastResident, servable.models.contains(lastResident) { return lastResident }
        return servable.models.first
    }

    /// How many turns wait, whatever for.
    var waiting: Int {
        guard case .resident(let resident) = slot else { return queue.count }
        return queue.count + resident.joined.count
    }

    /// When `tick` is due next; later events may bring it forward or put it off.
    var nextWake: Instant? {
        var next: Instant?
        if case .resident(let resident) = slot { next = resident.deadline ?? resident.drain?.reminder }
        if case .grace(let end) = shutdown { next = next.map { min($0, end) } ?? end }
        return next
    }
}
