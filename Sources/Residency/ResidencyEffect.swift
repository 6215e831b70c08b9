/// Why a model is let go.
public enum UnloadReason<Model: Hashable & Sendable>: Hashable, Sendable {
    /// Another model takes its place.
    case swap(to: Model)
    /// Its idle window has passed.
    case idle
    /// A request asked for it, with `keep_alive` 0.
    case requested
    /// The load ended after its last waiter had left.
    case abandoned
    /// The server is on its way out.
    case shutdown
}

/// What the state machine wants done; whoever drives it does it and reports back by an event where one is due.
enum ResidencyEffect<Model: Hashable & Sendable> {
    /// Check that the model can be loaded once `replacing` is gone; answered by `checkFinished`.
    case check(Model, replacing: Model?)
    /// Load the model; answered by `loadFinished` or `loadFailed`.
    case load(Model)
    /// Give the running load up; it still ends by `loadFinished` or `loadFailed`.
    case cancelLoad(Model)
    /// Something that whoever watches the slot should hear of; nothing is to be done.
    case tell(ResidencyEvent<Model>)
    /// Unload the model; answered by `unloadFinished`.
    case unload(Model, UnloadReason<Model>)
    /// The turn has its lease; answered by `turnEnded`.
    case grant(Admission<Model>)
    /// The turn gets no lease.
    case refuse(Ticket, ResidencyError<Model>)
    /// Cut the running turn short; it still ends by `turnEnded`.
    case cut(Ticket)
    /// The shutdown is complete: no turn, no model.
    case stopped
}

extension ResidencyEffect: CustomStringConvertible {
    var description: String {
        switch self {
        case .check(let model, _): return "check \(model)"
        case .load(let model): return "load \(model)"
        case .cancelLoad(let model): return "cancel load \(model)"
        case .tell(let event): return "tell \(event)"
        case .unload(let model, let reason):
            switch reason {
            case .swap(let next): return "unload \(model) for \(next)"
            case .idle: return "unload \(model) idle"
            case .requested: return "unload \(model) requested"
            case .abandoned: return "unload \(model) abandoned"
            case .shutdown: return "unload \(model) shutdown"
            }
        case .grant(let admission):
            let how = (admission.waitedForLoad ? " loaded" : "") + (admission.isFallback ? " fallback" : "")
            return "grant \(admission.ticket) \(admission.model)\(how)"
        case .refuse(let ticket, let error): return "refuse \(ticket): \(error)"
        case .cut(let ticket): return "cut \(ticket)"
        case .stopped: return "stopped"
        }
    }
}
