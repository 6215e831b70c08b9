import OrderedCollections
import OrderedJSON

/// One registered model: where its files are, and what their header said when they were added.
public struct RegistryEntry: Hashable, Sendable {
    /// Its name, unique without regard to case and `:latest`.
    public var name: String
    /// The absolute path of the file; of a split model that of its first part.
    public var path: String
    /// The absolute paths of all parts of a split model, in order; empty for a whole file.
    public var parts: [String]
    /// The architecture's name, such as `qwen3`.
    public var architecture: String
    /// Weights of all tensors.
    public var parameterCount: Int
    /// The quantisation's label, such as `Q4_K_M`.
    public var quantization: String
    /// Bytes of all parts.
    public var byteCount: UInt64
    /// Tokens that the model was made to read, if the file says so.
    public var contextLength: Int?
    /// 64 hexadecimal digits that tell the file from others; see `docs/formats/registry.md` for what goes in.
    public var digest: String
    /// When it was added.
    public var added: Timestamp
    /// Other names, in the order in which they were given.
    public var aliases: [String]

    /// What is written for this entry.
    var json: JSON {
        var members: [(String, JSON)] = [("name", .string(name)), ("path", .string(path))]
        if !parts.isEmpty { members.append(("parts", .array(parts.map { .string($0) }))) }
        members += [
            ("architecture", .string(architecture)), ("parameters", .integer(Int64(parameterCount))),
            ("quantization", .string(quantization)), ("bytes", .integer(Int64(clamping: byteCount))),
        ]
        if let contextLength { members.append(("context_length", .integer(Int64(contextLength)))) }
        members += [("digest", .string(digest)), ("added", .string(added.text))]
        if !aliases.isEmpty { members.append(("aliases", .array(aliases.map { .string($0) }))) }
        return .object(OrderedDictionary(uniqueKeysWithValues: members))
    }
}

extension RegistryEntry {
    /// A member of an entry that is absent or wrong.
    struct Problem: Error {
        let text: String
    }

    /// Reads what `json` writes.
    init(json: JSON) throws(Problem) {
        guard json.objectValue != nil else { throw Problem(text: "is \(json.kindName), not an object") }
        name = try Self.string(json, "name")
        path = try Self.string(json, "path")
        guard path.hasPrefix("/") else { throw Problem(text: "member 'path' is not an absolute path") }
        parts = try Self.strings(json, "parts")
        architecture = try Self.string(json, "architecture")
        parameterCount = try Self.count(json, "parameters")
        quantization = try Self.string(json, "quantization")
        byteCount = UInt64(try Self.count(json, "bytes"))
        contextLength = json["context_length"] == nil ? nil : try Self.count(json, "context_length")
        digest = try Self.string(json, "digest")
        guard let added = Timestamp(try Self.string(json, "added")) else {
            throw Problem(text: "member 'added' is not a time like 2026-11-27T10:15:00Z")
        }
        self.added = added
        aliases = try Self.strings(json, "aliases")
        for name in [name] + aliases {
            do { _ = try ModelName.checked(name) } catch { throw Problem(text: "\(error)") }
        }
    }

    private static func string(_ json: JSON, _ key: String) throws(Problem) -> String {
        guard let value = json[key]?.stringValue else { throw Problem(text: "member '\(key)' is not a string") }
        return value
    }

    private static func strings(_ json: JSON, _ key: String) throws(Problem) -> [String] {
        guard let value = json[key] else { return [] }
        let strings = value.arrayValue?.compactMap(\.stringValue)
        guard let strings, strings.count == value.arrayValue?.count else {
            throw Problem(text: "member '\(key)' is not an array of strings")
        }
        return strings
    }

    private static func count(_ json: JSON, _ key: String) throws(Problem) -> Int {
        guard let value = json[key]?.integerValue, value >= 0 else {
            throw Problem(text: "member '\(key)' is not a count")
        }
        return value
    }
}
