import GGUF

/// The list of models on disk: `registry.json` in conifer's own folder, with `registry.lock` beside it.
///
/// Readers take no lock: the file is replaced whole, so they see the old or the new one. Writers lock, read, change and
/// replace; two commands at once both succeed. A file that cannot be understood is reported and never overwritten.
public struct Registry: Sendable {
    /// conifer's folder (`$CONIFER_HOME`), made when something is first added.
    public let home: String

    private let checkpoint: @Sendable (AtomicFile.Step) throws(CatalogError) -> Void

    /// The registry in a folder.
    public init(home: String) {
        self.init(home: home, checkpoint: { _ throws(CatalogError) in })
    }

    /// As above; `checkpoint` is called between the steps of a write.
    init(home: String, checkpoint: @escaping @Sendable (AtomicFile.Step) throws(CatalogError) -> Void) {
        self.home = home
        self.checkpoint = checkpoint
    }

    /// The registry file.
    public var path: String {
        home + "/registry.json"
    }

    /// What is registered now; nothing if there is no file.
    public func contents() throws(CatalogError) -> RegistryContents {
        guard let bytes = try System.read(path, limit: Limits.registryBytes) else { return RegistryContents() }
        return try RegistryContents(bytes: bytes, path: path)
    }

    /// Registers a file (any one part of a split one) after its header has been read and checked. Nothing is copied.
    ///
    /// - Parameters:
    ///   - name: its name; nil makes one from the metadata.
    ///   - replace: whether an entry that has the name gives way (its aliases stay).
    ///   - now: the time that the entry carries.
    @discardableResult
    public func add(
        file: String, name: String? = nil, replace: Bool = false, runnable: RunnableModels, now: Timestamp
    ) throws(CatalogError) -> RegistryEntry {
        let entry = try Self.entry(for: file, name: name, runnable: runnable, now: now)
        try change { contents throws(CatalogError) in try contents.add(entry, replace: replace) }
        return entry
    }

    /// Takes an entry out, or an alias alone if the name is one. The model's file stays where it is.
    @discardableResult
    public func remove(_ name: String) throws(CatalogError) -> RegistryContents.Removed {
        try change { contents throws(CatalogError) in try contents.remove(name) }
    }

    /// Gives an entry another name; with `replace`, one that has been another entry's alias. Gives back the entry.
    @discardableResult
    public func alias(_ name: String, target: String, replace: Bool = false) throws(CatalogError) -> RegistryEntry {
        try change { contents throws(CatalogError) in try contents.alias(name, target: target, replace: replace) }
    }

    private func change<Outcome>(
        _ body: (inout RegistryContents) throws(CatalogError) -> Outcome
    ) throws(CatalogError) -> Outcome {
        try System.makeFolder(home)
        let lock = try FileLock(path: home + "/registry.lock")
        var contents = try contents()
        let before = contents
        let outcome = try body(&contents)
        if contents != before {
            try AtomicFile.replace(path, with: contents.bytes, checkpoint: checkpoint)
        }
        _ = consume lock
        return outcome
    }

    private static func entry(
        for file: String, name: String?, runnable: RunnableModels, now: Timestamp
    ) throws(CatalogError) -> RegistryEntry {
        let chosen = try name.map { name throws(CatalogError) in try ModelName.checked(name) }
        let opened: GGUFFile
        do {
            opened = try GGUFFile(path: System.absolute(file) ?? file)
        } catch {
            throw .unusableFile(error)
        }
        try runnable.check(opened)
        let summary = ModelSummary(of: opened)
        return RegistryEntry(
            name: chosen ?? ModelName.derived(from: opened, path: opened.name),
            path: opened.name, parts: opened.partPaths.count > 1 ? opened.partPaths : [],
            architecture: summary.architecture, parameterCount: summary.parameterCount,
            quantization: summary.quantization, byteCount: opened.byteCount, contextLength: summary.contextLength,
            digest: summary.digest, added: now, aliases: [])
    }
}
