import Synchronization

/// The one slot at work: drives the state machine with real loads, a clock and the tasks that wait.
///
/// All state is behind one lock that is held for the length of a decision and the start of its effects, so loads and
/// unloads happen in the order they were decided in. A lease can end from a `deinit`, a waiting turn can leave from a
/// cancellation handler and a status can be read, all without waiting for anything: that is why this is no actor.
public final class ResidencyManager<Loader: ModelLoader, TimeSource: Clock>: Sendable
where TimeSource.Duration == Duration {
    /// Names a model.
    public typealias Model = Loader.Model
    /// A hold on the resident model.
    public typealias Hold = Lease<Loader.Model, Loader.Loaded>

    struct State {
        var machine: ResidencyStateMachine<Model, TimeSource.Instant>
        var lastTicket: UInt64 = 0
        var waiters: [Ticket: CheckedContinuation<Hold, any Error>] = [:]
        /// Running turns, to be able to cut them.
        var leases: [Ticket: WeakLease] = [:]
        var loaded: Loader.Loaded?
        var loading: Task<Void, Never>?
        var timer: (due: TimeSource.Instant, task: Task<Void, Never>)?
        var shutdownWaiters: [CheckedContinuation<Void, Never>] = []
        var isStopped = false
        /// What is to be done once the lock is free; see `apply`.
        var afterwards: [@Sendable () -> Void] = []
    }

    struct WeakLease {
        weak var lease: Hold?
    }

    let loader: Loader
    let clock: TimeSource
    let observe: @Sendable (ResidencyEvent<Model>) -> Void
    private let state: Mutex<State>

    /// Makes the manager of an empty slot.
    ///
    /// - Parameter observe: told what happens, in order, from under the lock: it must be quick and must not call back.
    public init(
        loader: Loader, clock: TimeSource, configuration: ResidencyConfiguration, servable: ServableModels<Model>,
        observe: @escaping @Sendable (ResidencyEvent<Model>) -> Void = { _ in }
    ) {
        self.loader = loader
        self.clock = clock
        self.observe = observe
        state = Mutex(State(machine: .init(configuration: configuration, servable: servable)))
    }

    /// Waits for a lease on the model. The model's policy stays as it is until the turn adopts another: `Lease.adopt`.
    ///
    /// Cancelling the task that waits takes it out of the queue at once.
    ///
    /// - Throws: `ResidencyError`.
    public func acquire(_ wanted: WantedModel<Model>) async throws -> Hold {
        let ticket = state.withLock { state in
            state.lastTicket += 1
            return Ticket(number: state.lastTicket)
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                apply { state, now in
                    state.waiters[ticket] = continuation
                    // A task that was cancelled before it came here will not be told again.
                    if Task.isCancelled { return [.refuse(ticket, .cancelled)] }
                    return state.machine.request(ticket, wants: wanted, now: now)
                }
            }
        } onCancel: {
            apply { state, now in state.machine.cancel(ticket, now: now) }
        }
    }

    /// Runs a turn with a lease, which ends with it, however it ends.
    public func withLease<Result>(
        _ wanted: WantedModel<Model>, _ turn: (Hold) async throws -> Result
    ) async throws -> Result {
        let lease = try await acquire(wanted)
        defer { lease.release() }
        return try await turn(lease)
    }

    /// Lets the model go: at once if it is idle, else when its last turn ends. Nothing happens if it is not resident.
    public func unload(_ wanted: WantedModel<Model>) {
        apply { state, now in state.machine.unloadRequested(wanted, now: now) }
    }

    /// Replaces the list of what may be loaded.
    public func changeCatalog(_ servable: ServableModels<Model>) {
        apply { state, now in state.machine.catalogChanged(servable, now: now) }
    }

    /// What is in the slot.
    public var status: ResidencyStatus<Model> {
        state.withLock { $0.machine.status(now: clock.now) }
    }

    /// Takes no more turns, lets those that are here finish for as long as the grace lasts, then cuts them. Returns
    /// when the last one has ended and the slot is empty.
    public func shutDown(grace: Duration) async {
        apply { state, now in state.machine.shutDown(grace: grace, now: now) }
        await withCheckedContinuation { continuation in
            let isStopped = state.withLock { state in
                if !state.isStopped { state.shutdownWaiters.append(continuation) }
                return state.isStopped
            }
            if isStopped { continuation.resume() }
        }
    }

    /// Feeds one event to the machine and carries its effects out.
    ///
    /// A task is resumed only once the lock is free: resuming takes a lock of that task's own, which whoever cancels the task
    /// holds while its cancellation handler waits for ours.
    func apply(_ event: (inout State, TimeSource.Instant) -> [ResidencyEffect<Model>]) {
        let afterwards = state.withLock { state in
            let effects = event(&state, clock.now)
            for effect in effects { perform(effect, &state) }
            armTimer(&state)
            defer { state.afterwards = [] }
            return state.afterwards
        }
        for action in afterwards { action() }
    }
}
