public import GGUF

/// One model that a server can serve: its names, what is known of it, and where it comes from.
public struct ModelReference: Sendable, Hashable {
    /// Where the weights are.
    public enum Source: Sendable, Hashable {
        /// A file, or the first part of a split one. It may have gone since it was registered.
        case file(path: String)
        /// A file inside the executable.
        case embedded(EmbeddedFile)
    }

    /// The id that clients see.
    public let name: String
    /// Where the weights are.
    public let source: Source
    /// The architecture's name, such as `qwen3`.
    public let architecture: String
    /// Weights of all tensors.
    public let parameterCount: Int
    /// The quantisation's label, such as `Q4_K_M`.
    public let quantization: String
    /// Bytes of all parts.
    public let byteCount: UInt64
    /// Tokens that the model was made to read, if its file says so.
    public let contextLength: Int?
    /// 64 hexadecimal digits that tell the file from others.
    public let digest: String
    /// When it was registered; nil for a model inside the executable.
    public let added: Timestamp?
    /// Other names that mean it.
    public let aliases: [String]

    /// A reference to a registered model.
    public init(_ entry: RegistryEntry) {
        name = entry.name
        source = .file(path: entry.path)
        architecture = entry.architecture
        parameterCount = entry.parameterCount
        quantization = entry.quantization
        byteCount = entry.byteCount
        contextLength = entry.contextLength
        digest = entry.digest
        added = entry.added
        aliases = entry.aliases
    }

    /// A reference to a model inside the executable, whose header is read now.
    public init(embedded: EmbeddedFile, aliases: [String] = []) throws(GGUFError) {
        let file = try GGUFFile(bytes: embedded.bytes, name: embedded.name)
        self.init(name: embedded.name, source: .embedded(embedded), file: file, aliases: aliases)
    }

    /// A reference to a file that is not registered, for commands that take one.
    public init(path: String, name: String? = nil) throws(GGUFError) {
        let file = try GGUFFile(path: System.absolute(path) ?? path)
        self.init(
            name: name ?? ModelName.derived(from: file, path: file.name), source: .file(path: file.name), file: file,
            aliases: [])
    }

    private init(name: String, source: Source, file: GGUFFile, aliases: [String]) {
        let summary = ModelSummary(of: file)
        self.name = name
        self.source = source
        architecture = summary.architecture
        parameterCount = summary.parameterCount
        quantization = summary.quantization
        byteCount = file.byteCount
        contextLength = summary.contextLength
        digest = summary.digest
        added = nil
        self.aliases = aliases
    }

    /// Opens the weights. A file that has gone, or was damaged, since it was registered gives the error that says so.
    public func open() throws(GGUFError) -> GGUFFile {
        switch source {
        case .file(let path): try GGUFFile(path: path)
        case .embedded(let embedded): try GGUFFile(bytes: embedded.bytes, name: embedded.name)
        }
    }
}

/// A GGUF file inside the executable.
public struct EmbeddedFile: @unchecked Sendable, Hashable {
    /// Its name, which is also the model's.
    public let name: String

    /// Its bytes, which live as long as the process.
    public let bytes: UnsafeRawBufferPointer

    /// A file in memory that is never freed.
    public init(name: String, bytes: UnsafeRawBufferPointer) {
        self.name = name
        self.bytes = bytes
    }

    /// Whether both are the same bytes in the same place.
    public static func == (left: EmbeddedFile, right: EmbeddedFile) -> Bool {
        left.name == right.name && left.bytes.baseAddress == right.bytes.baseAddress
            && left.bytes.count == right.bytes.count
    }

    /// Feeds the name and the place.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(bytes.baseAddress)
    }
}
