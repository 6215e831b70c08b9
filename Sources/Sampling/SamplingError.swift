/// Why a set of sampling parameters, or a step of a sampler, was refused.
public enum SamplingError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A parameter lies outside its range; `name` is spelled as in an OpenAI or Ollama request.
    case outOfRange(name: String, found: String, allowed: String)
    /// A token in `logit_bias` is not in the model's vocabulary.
    case unknownToken(token: Int32, vocabularySize: Int)
    /// Every logit is NaN or −∞: there is no token that could come next.
    case noCandidate(vocabularySize: Int)

    /// What was found, where, and what would be right.
    public var description: String {
        switch self {
        case .outOfRange(let name, let found, let allowed):
            "\(name) is \(found); it must be \(allowed)"
        case .unknownToken(let token, let vocabularySize):
            "logit_bias names token \(token); this model's tokens are 0 to \(vocabularySize - 1)"
        case .noCandidate(let vocabularySize):
            "the model gave no usable logit: all \(vocabularySize) are NaN or -inf; the model file may be damaged"
        }
    }

    /// The request's field that is at fault, where there is one.
    public var parameter: String? {
        switch self {
        case .outOfRange(let name, _, _): name
        case .unknownToken: "logit_bias"
        case .noCandidate: nil
        }
    }
}
