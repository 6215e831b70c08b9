/// Why a vocabulary cannot be used.
public struct TokenizerError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of fault.
    public enum Code: Sendable, Hashable {
        /// The model's tokeniser is of a kind that conifer does not have.
        case unsupportedModel
        /// The model's pre-tokeniser is not one that conifer knows.
        case unknownPreTokenizer
        /// A part of the vocabulary is missing, too large or does not fit the others.
        case malformedVocabulary
    }

    /// The kind of fault.
    public let code: Code

    /// What was found, and where.
    public let problem: String

    /// What to do about it.
    public let advice: String

    /// An error from its parts.
    public init(code: Code, problem: String, advice: String = TokenizerError.convertAgain) {
        self.code = code
        self.problem = problem
        self.advice = advice
    }

    /// The advice for a file that cannot have been written so on purpose.
    public static let convertAgain = "convert the model again with a current converter, or use another file of it"

    /// What was found, where, and what to do.
    public var description: String { "\(problem); \(advice)" }

    static func malformed(_ problem: String) -> TokenizerError {
        TokenizerError(code: .malformedVocabulary, problem: problem)
    }
}
