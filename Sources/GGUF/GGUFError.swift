/// Why a GGUF file cannot be used: which file, which field of it, what was found there, what to do.
public struct GGUFError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of trouble it is, for callers that react to some kinds.
    public enum Code: Hashable, Sendable {
        /// The file does not exist, or a part of a split file does not.
        case missing
        /// The system refuses to open, size or map it.
        case unreadable
        /// It is something else than GGUF.
        case notGGUF
        /// It is GGUF of a version or byte order that is not read.
        case unsupportedVersion
        /// It ends before what its header promises.
        case truncated
        /// A metadata entry breaks the format.
        case malformedMetadata
        /// A tensor's description breaks the format.
        case malformedTensor
        /// A tensor has a type that ggml does not have, or has no longer.
        case unknownTensorType
        /// The parts of a split file do not belong together.
        case mismatchedParts
        /// A value that a model must have is absent or of another type.
        case missingValue
    }

    /// What kind of trouble it is.
    public let code: Code

    /// The file's path as it was given (or the name of an embedded file).
    public let path: String

    /// The field, such as `header.tensor_count`, `metadata 'general.alignment'` or `tensor 'output.weight'`.
    public let field: String

    /// What was found there, without a full stop.
    public let problem: String

    /// What to do about it, without a full stop.
    public let advice: String

    /// An error of this module.
    public init(code: Code, path: String, field: String, problem: String, advice: String) {
        self.code = code
        self.path = path
        self.field = field
        self.problem = problem
        self.advice = advice
    }

    /// The file's name without its folders.
    public var fileName: String {
        path.split(separator: "/").last.map(String.init) ?? path
    }

    /// One line with the file's name alone: fit for an answer to a client, which must not learn the server's folders.
    public var description: String {
        "\(fileName): \(field): \(problem); \(advice)"
    }

    /// One line with the whole path: fit for the person at the terminal.
    public var descriptionWithPath: String {
        "\(path): \(field): \(problem); \(advice)"
    }
}

extension GGUFError {
    static let downloadAgain = "the file is damaged or was not fully downloaded: download it again"
    static let convertAgain = "convert the model again with a current converter"
}
