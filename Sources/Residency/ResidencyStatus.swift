/// The slot as a client may see it.
public struct ResidencyStatus<Model: Hashable & Sendable>: Hashable, Sendable {
    /// What the model in the slot is doing.
    public enum State: String, Hashable, Sendable {
        /// On its way in.
        case loading
        /// Runs turns, or waits for some.
        case ready
        /// Another model is to take its place, or it is being let go.
        case draining
    }

    /// The model in the slot.
    public struct Resident: Hashable, Sendable {
        /// Which one.
        public var model: Model
        /// What it is doing.
        public var state: State
        /// How long it stays without a turn.
        public var keepAlive: KeepAlive
        /// Where that came from.
        public var keepAliveSource: KeepAliveSource
        /// Turns that run.
        public var activeTurns: Int
        /// What is left of the idle window; `nil` while a turn runs, while it loads, and when it is pinned.
        public var idleRemaining: Duration?
        /// When it would be unloaded, from now, if every turn ended now; `nil` when it is pinned.
        public var expiresIn: Duration?
        /// How far its load is, 0…1.
        public var loadProgress: Double
    }

    /// The model in the slot; `nil` if it is empty.
    public var resident: Resident?
    /// Turns that wait, for whichever model.
    public var queuedTurns: Int
    /// Whether no more turns are taken.
    public var isShuttingDown: Bool
}

extension ResidencyStateMachine {
    /// What is in the slot. Changes nothing: the idle clock runs on.
    func status(now: Instant) -> ResidencyStatus<Model> {
        var status = ResidencyStatus<Model>(queuedTurns: waiting, isShuttingDown: shutdown != .no)
        switch slot {
        case .empty:
            break
        case .loading(let loading):
            let policy = policy(of: loading)
            status.resident = .init(
                model: loading.model, state: .loading, keepAlive: policy.keepAlive, keepAliveSource: policy.source,
                activeTurns: 0, expiresIn: policy.keepAlive.window, loadProgress: loading.progress)
        case .resident(let resident):
            let remaining = resident.deadline.map { max(.zero, now.duration(to: $0)) }
            status.resident = .init(
                model: resident.model, state: queue.isEmpty ? .ready : .draining, keepAlive: resident.policy.keepAlive,
                keepAliveSource: resident.policy.source, activeTurns: resident.leases.count,
                idleRemaining: remaining, expiresIn: remaining ?? resident.policy.keepAlive.window, loadProgress: 1)
        case .unloading(let model, let policy):
            // Its policy is still its own, though not even a pin keeps it now.
            status.resident = .init(
                model: model, state: .draining, keepAlive: policy.keepAlive, keepAliveSource: policy.source,
                activeTurns: 0, expiresIn: .zero, loadProgress: 1)
        }
        return status
    }
}
