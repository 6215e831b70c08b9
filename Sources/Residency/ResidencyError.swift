/// Why a turn got no lease.
public enum ResidencyError<Model: Hashable & Sendable>: Error {
    /// Too many turns wait already; how many may.
    case queueFull(limit: Int)
    /// No model is registered.
    case emptyCatalog
    /// The server is on its way out.
    case shuttingDown
    /// The turn's own task was cancelled while it waited.
    case cancelled
    /// The model did not pass the check before a load; the resident model stayed in place.
    case checkFailed(Model, any Error)
    /// The load itself failed; the slot is empty.
    case loadFailed(Model, any Error)
}

extension ResidencyError: CustomStringConvertible {
    /// What happened and what to do.
    public var description: String {
        switch self {
        case .queueFull(let limit): "the queue is full: \(limit) turns wait already; try again in a moment"
        case .emptyCatalog: "no model is registered; register one with `conifer add FILE`"
        case .shuttingDown: "the server is shutting down"
        case .cancelled: "the request was cancelled while it waited"
        case .checkFailed(let model, let error): "model '\(model)' cannot be loaded: \(error)"
        case .loadFailed(let model, let error): "model '\(model)' failed to load: \(error)"
        }
    }
}
