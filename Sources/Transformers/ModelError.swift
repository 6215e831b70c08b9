internal import GGUF

/// Why a model file cannot run: which file, which field or tensor of it, what was found there, what to do.
public struct ModelError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of trouble it is, for callers that react to some kinds.
    public enum Code: Hashable, Sendable {
        /// No family of this name runs here.
        case unsupportedArchitecture
        /// The family runs, but not with this feature or value.
        case unsupportedFeature
        /// A tensor's type has no kernels.
        case unsupportedTensorType
        /// A value is missing or of another type.
        case missingValue
        /// A number is outside what a model can have.
        case absurdValue
        /// A tensor that the family needs is not there.
        case missingTensor
        /// A tensor that the family does not have: computing without it would give wrong answers.
        case unknownTensor
        /// A tensor's shape does not fit the hyperparameters.
        case wrongShape
        /// The system gave no memory for what the model needs beside its file.
        case noMemory
    }

    /// What kind of trouble it is.
    public let code: Code

    /// The file's path as it was given, or the name of an embedded file.
    public let path: String

    /// The field, such as `metadata 'llama.block_count'` or `tensor 'blk.0.attn_q.weight'`.
    public let field: String

    /// What was found there, without a full stop.
    public let problem: String

    /// What to do about it, without a full stop.
    public let advice: String

    /// The file's name without its folders.
    public var fileName: String { path.split(separator: "/").last.map(String.init) ?? path }

    /// One line with the file's name alone: fit for an answer to a client, which must not learn the server's folders.
    public var description: String { "\(fileName): \(field): \(problem); \(advice)" }

    /// One line with the whole path: fit for the person at the terminal.
    public var descriptionWithPath: String { "\(path): \(field): \(problem); \(advice)" }

    init(_ code: Code, path: String, field: String, problem: String, advice: String) {
        (self.code, self.path, self.field, self.problem, self.advice) = (code, path, field, problem, advice)
    }

    init(_ error: GGUFError) {
        self.init(
            .missingValue, path: error.path, field: error.field, problem: error.problem, advice: error.advice)
    }

    static let convertAgain = "the file is damaged or was converted wrongly: get another copy or convert it again"
}
