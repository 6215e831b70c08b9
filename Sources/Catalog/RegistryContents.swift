import OrderedJSON

/// What a registry holds at one moment, in the order of `conifer list`: as it was added.
public struct RegistryContents: Hashable, Sendable {
    /// The version that this conifer writes and the highest that it reads.
    static let version = 1

    /// The entries in order.
    public private(set) var entries: [RegistryEntry] = []

    /// No entries.
    public init() {}

    /// The entry that a name means: its own or an alias, without regard to case and `:latest`.
    public func entry(named name: String) -> RegistryEntry? {
        index(of: name).map { entries[$0] }
    }

    /// Adds an entry; with `replace`, in place of the one that has its name, whose aliases it takes over.
    mutating func add(_ entry: RegistryEntry, replace: Bool) throws(CatalogError) {
        guard let taken = index(of: entry.name) else {
            entries.append(entry)
            return
        }
        let owner = entries[taken]
        guard ModelName.key(owner.name) == ModelName.key(entry.name) else {
            throw .nameTaken(entry.name, by: "an alias of '\(owner.name)'")
        }
        guard replace else {
            throw .nameTaken(entry.name, by: owner.path)
        }
        var successor = entry
        successor.aliases = owner.aliases
        entries[taken] = successor
    }

    /// What `remove` took out.
    public enum Removed: Hashable, Sendable {
        /// An entry with all its aliases.
        case entry(RegistryEntry)
        /// An alias alone.
        case alias(String, of: String)
    }

    /// Takes out the entry of that name, or the alias alone if it is one.
    mutating func remove(_ name: String) throws(CatalogError) -> Removed {
        guard let index = index(of: name) else { throw unknown(name) }
        let key = ModelName.key(name)
        guard ModelName.key(entries[index].name) != key else {
            return .entry(entries.remove(at: index))
        }
        let owner = entries[index].name
        guard let alias = entries[index].aliases.firstIndex(where: { ModelName.key($0) == key }) else {
            throw unknown(name)
        }
        return .alias(entries[index].aliases.remove(at: alias), of: owner)
    }

    /// Gives an entry another name; with `replace`, also one that is an alias of another entry. Gives back the entry.
    mutating func alias(_ name: String, target: String, replace: Bool) throws(CatalogError) -> RegistryEntry {
        let alias = try ModelName.checked(name)
        guard var index = index(of: target) else { throw unknown(target) }
        if let taken = self.index(of: alias) {
            let owner = entries[taken]
            guard ModelName.key(owner.name) != ModelName.key(alias) else {
                throw .nameTaken(alias, by: "the model itself, not an alias")
            }
            if taken == index { return owner }
            guard replace else { throw .nameTaken(alias, by: "an alias of '\(owner.name)'") }
            entries[taken].aliases.removeAll { ModelName.key($0) == ModelName.key(alias) }
            // `target` may have been that very alias's twin; look again.
            guard let again = self.index(of: target) else { throw unknown(target) }
            index = again
        }
        entries[index].aliases.append(alias)
        return entries[index]
    }

    private func index(of name: String) -> Int? {
        let key = ModelName.key(name)
        return entries.firstIndex { entry in
            ModelName.key(entry.name) == key || entry.aliases.contains { ModelName.key($0) == key }
        }
    }

    private func unknown(_ name: String) -> CatalogError {
        .unknownName(name, known: entries.map(\.name))
    }
}

extension RegistryContents {
    /// The file's text: two spaces a level, so that people and `git diff` can read it.
    var bytes: [UInt8] {
        let document: JSON = [
            "version": .integer(Int64(Self.version)), "models": .array(entries.map(\.json)),
        ]
        return document.serializedBytes(.pretty) + [UInt8(ascii: "\n")]
    }

    /// Reads what `bytes` writes.
    init(bytes: [UInt8], path: String) throws(CatalogError) {
        let document: JSON
        do {
            document = try JSON(parsing: bytes)
        } catch {
            throw .corruptRegistry(path: path, byte: error.offset, problem: error.description)
        }
        guard document.objectValue != nil else {
            throw .corruptRegistry(path: path, byte: 0, problem: "the document is \(document.kindName), not an object")
        }
        guard let version = document["version"]?.integerValue, version >= 1 else {
            throw .corruptRegistry(path: path, byte: nil, problem: "member 'version' is not a version number")
        }
        guard version <= Self.version else {
            throw .newerRegistry(path: path, version: version, readable: Self.version)
        }
        guard let models = document["models"]?.arrayValue else {
            throw .corruptRegistry(path: path, byte: nil, problem: "member 'models' is not an array")
        }
        for (number, model) in models.enumerated() {
            do {
                try append(RegistryEntry(json: model))
            } catch {
                throw .corruptRegistry(path: path, byte: nil, problem: "models[\(number)]: \(error.text)")
            }
        }
    }

    /// Appends an entry whose names nobody has, itself included.
    private mutating func append(_ entry: RegistryEntry) throws(RegistryEntry.Problem) {
        var keys: Set<String> = []
        for name in [entry.name] + entry.aliases {
            guard keys.insert(ModelName.key(name)).inserted, index(of: name) == nil else {
                throw RegistryEntry.Problem(text: "the name '\(name)' appears twice")
            }
        }
        entries.append(entry)
    }
}
