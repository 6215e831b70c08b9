import Synchronization

/// A turn's hold on the resident model: as long as it lasts, the model is not unloaded.
///
/// It ends exactly once: by `release()`, or when the last reference to it goes, as it does when a response is dropped
/// unsent. The idle clock starts at that very moment.
public final class Lease<Model: Hashable & Sendable, Loaded: Sendable>: Sendable {
    private enum State {
        case held(onCut: (@Sendable () -> Void)?)
        case cut
        case released
    }

    /// How the turn came by it.
    public let admission: Admission<Model>
    /// The model that answers, ready to run; not to be used after `release()`.
    public let loaded: Loaded
    private let state = Mutex(State.held(onCut: nil))
    private let onAdopt: @Sendable (KeepAlive) -> Void
    private let onRelease: @Sendable () -> Void

    init(
        admission: Admission<Model>, loaded: Loaded, onAdopt: @escaping @Sendable (KeepAlive) -> Void,
        onRelease: @escaping @Sendable () -> Void
    ) {
        self.admission = admission
        self.loaded = loaded
        self.onAdopt = onAdopt
        self.onRelease = onRelease
    }

    deinit { release() }

    /// Sets the model's policy; to be called once nothing can refuse the request any more, since a refused one sets
    /// none. It counts from the moment of the lease, so what a later lease has set stays. Nothing happens with `nil`,
    /// and once the lease has ended.
    public func adopt(_ keepAlive: KeepAlive?) {
        if let keepAlive { onAdopt(keepAlive) }
    }

    /// Ends the hold. Further calls do nothing.
    public func release() {
        let wasHeld = state.withLock { state in
            if case .released = state { return false }
            state = .released
            return true
        }
        if wasHeld { onRelease() }
    }

    /// Sets what cuts the turn short when the grace of a shutdown is over; called at once if it is over already.
    public func onCut(_ handler: @escaping @Sendable () -> Void) {
        let isCut = state.withLock { state in
            switch state {
            case .held: state = .held(onCut: handler)
            case .cut: return true
            case .released: break
            }
            return false
        }
        if isCut { handler() }
    }

    /// Whether the grace of a shutdown is over.
    public var isCut: Bool {
        state.withLock { state in
            if case .cut = state { true } else { false }
        }
    }

    /// Tells the turn to end.
    func cut() {
        let handler: (@Sendable () -> Void)? = state.withLock { state in
            guard case .held(let handler) = state else { return nil }
            state = .cut
            return handler
        }
        handler?()
    }
}
