/// Why a step was not computed. The sequences are as they were before it.
public enum ForwardError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The KV cache has no room for the step's tokens.
    case cache(CacheError)
    /// The caller's closure asked to stop.
    case cancelled
    /// A token that the model does not have.
    case unknownToken(token: Int32, vocabularySize: Int)

    /// What happened, and what to do.
    public var description: String {
        switch self {
        case .cache(let error): error.description
        case .cancelled: "the step was cancelled"
        case .unknownToken(let token, let vocabularySize):
            "token \(token) does not exist in this model; its tokens are 0 to \(vocabularySize - 1)"
        }
    }
}
