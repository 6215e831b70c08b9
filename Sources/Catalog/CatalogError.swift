public import GGUF

/// Why the registry or a model in it cannot be used. The description is one line: what, why, what to do.
public enum CatalogError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A system call on the registry, its lock or its folder failed.
    case system(path: String, action: String, reason: String)
    /// The registry file is not what conifer writes. It is left as it is.
    case corruptRegistry(path: String, byte: Int?, problem: String)
    /// The registry file was written by a newer conifer. It is left as it is.
    case newerRegistry(path: String, version: Int, readable: Int)
    /// The name cannot be a model's name.
    case invalidName(String, problem: String)
    /// Another entry or alias has the name.
    case nameTaken(String, by: String)
    /// No entry or alias has the name.
    case unknownName(String, known: [String])
    /// The file is no usable GGUF.
    case unusableFile(GGUFError)
    /// The file is GGUF, but nothing that runs here.
    case notRunnable(path: String, field: String, problem: String, advice: String)

    /// One line with whole paths: for the terminal and the log, not for answers to clients.
    public var description: String {
        switch self {
        case .system(let path, let action, let reason):
            "\(path): cannot \(action): \(reason)"
        case .corruptRegistry(let path, let byte, let problem):
            "\(path): \(byte.map { "byte \($0): " } ?? "")\(problem); "
                + "the file was left as it is: repair it, or move it away and add the models again"
        case .newerRegistry(let path, let version, let readable):
            "\(path): version \(version) was written by a newer conifer, this one reads up to \(readable); "
                + "update conifer, or name another folder in CONIFER_HOME"
        case .invalidName(let name, let problem):
            "'\(name)' cannot be a model's name: \(problem)"
        case .nameTaken(let name, let owner):
            "the name '\(name)' is taken by \(owner); choose another one, or replace it with --replace"
        case .unknownName(let name, let known):
            "no model is named '\(name)'; "
                + (known.isEmpty
                    ? "none is registered: conifer add FILE" : "registered: \(known.joined(separator: ", "))")
        case .unusableFile(let error):
            error.descriptionWithPath
        case .notRunnable(let path, let field, let problem, let advice):
            "\(path): \(field): \(problem); \(advice)"
        }
    }
}
