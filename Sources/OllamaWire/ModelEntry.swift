public import OrderedJSON

/// What Ollama's listings say of one model.
public struct ModelEntry: Sendable, Hashable {
    /// The name, with its tag.
    public var name: String
    /// Bytes.
    public var size: UInt64
    /// 64 hexadecimal digits; clients slice twelve.
    public var digest: String
    /// The architecture.
    public var family: String
    /// `8.2B`.
    public var parameterSize: String
    /// `Q4_K_M`.
    public var quantization: String
    /// When it was registered, RFC 3339.
    public var modifiedAt: String
    /// What it can do: `completion`, `tools`, `thinking` ….
    public var capabilities: [String]

    /// An entry.
    public init(
        name: String, size: UInt64, digest: String, family: String, parameterSize: String, quantization: String,
        modifiedAt: String, capabilities: [String]
    ) {
        self.name = name
        self.size = size
        self.digest = digest
        self.family = family
        self.parameterSize = parameterSize
        self.quantization = quantization
        self.modifiedAt = modifiedAt
        self.capabilities = capabilities
    }

    /// `details`, the same in all listings.
    public var details: JSON {
        [
            "parent_model": "", "format": "gguf", "family": .string(family), "families": [.string(family)],
            "parameter_size": .string(parameterSize), "quantization_level": .string(quantization),
        ]
    }

    /// One entry of `GET /api/tags`.
    public var tag: JSON {
        [
            "name": .string(name), "model": .string(name), "modified_at": .string(modifiedAt),
            "size": .integer(Int64(clamping: size)), "digest": .string(digest), "details": details,
            "capabilities": .array(capabilities.map { .string($0) }),
        ]
    }

    /// A list of models as `/api/tags` and `/api/ps` give it: never `null`.
    public static func list(_ entries: [JSON]) -> JSON { ["models": .array(entries)] }

    /// `8.2B`, `360M`, `12K`: how many weights, as Ollama writes it.
    public static func parameterSize(_ count: Int) -> String {
        switch count {
        case 1_000_000_000...: tenths(count, of: 1_000_000_000) + "B"
        case 1_000_000...: tenths(count, of: 1_000_000) + "M"
        case 1_000...: tenths(count, of: 1_000) + "K"
        default: "\(count)"
        }
    }

    private static func tenths(_ count: Int, of unit: Int) -> String {
        let (whole, rest) = (count + unit / 20).quotientAndRemainder(dividingBy: unit)
        return "\(whole).\(rest * 10 / unit)"
    }
}

/// The resident model as `GET /api/ps` shows it: Ollama's fields, and what conifer adds.
public struct RunningModel: Sendable, Hashable {
    /// What it is.
    public var entry: ModelEntry
    /// When it would be unloaded, RFC 3339; far in the future when it is pinned.
    public var expiresAt: String
    /// Bytes that it takes now.
    public var residentBytes: UInt64
    /// Tokens that a conversation may have.
    public var contextLength: Int
    /// `loading`, `ready` or `draining`.
    public var state: String
    /// Whether the reaper leaves it alone.
    public var isPinned: Bool
    /// Turns that run.
    public var activeTurns: Int
    /// Turns that wait.
    public var queuedTurns: Int
    /// What is left of the idle window; nil while a turn runs or when it is pinned.
    public var idleRemainingSeconds: Double?
    /// How far the load is, 0…1.
    public var loadProgress: Double
    /// The policy, as a request would write it.
    public var keepAlive: String
    /// `request` or `default`.
    public var keepAliveSource: String

    /// A resident model.
    public init(
        entry: ModelEntry, expiresAt: String, residentBytes: UInt64, contextLength: Int, state: String,
        isPinned: Bool, activeTurns: Int, queuedTurns: Int, idleRemainingSeconds: Double?, loadProgress: Double,
        keepAlive: String, keepAliveSource: String
    ) {
        self.entry = entry
        self.expiresAt = expiresAt
        self.residentBytes = residentBytes
        self.contextLength = contextLength
        self.state = state
        self.isPinned = isPinned
        self.activeTurns = activeTurns
        self.queuedTurns = queuedTurns
        self.idleRemainingSeconds = idleRemainingSeconds
        self.loadProgress = loadProgress
        self.keepAlive = keepAlive
        self.keepAliveSource = keepAliveSource
    }

    /// One entry of `GET /api/ps`. There is no other memory than the machine's, so `size_vram` is `size`.
    public var json: JSON {
        let bytes = JSON.integer(Int64(clamping: residentBytes))
        return [
            "name": .string(entry.name), "model": .string(entry.name), "size": bytes,
            "digest": .string(entry.digest), "details": entry.details, "expires_at": .string(expiresAt),
            "size_vram": bytes, "context_length": .integer(Int64(contextLength)), "state": .string(state),
            "pinned": .bool(isPinned), "active_turns": .integer(Int64(activeTurns)),
            "queued_turns": .integer(Int64(queuedTurns)),
            "idle_remaining_seconds": idleRemainingSeconds.map { .number($0) } ?? .null,
            "load_progress": .number(loadProgress), "keep_alive": .string(keepAlive),
            "keep_alive_source": .string(keepAliveSource),
        ]
    }
}

/// What `POST /api/show` says of a model.
public struct ModelDescription: Sendable, Hashable {
    /// What it is.
    public var entry: ModelEntry
    /// The chat template.
    public var template: String
    /// Metadata: `general.architecture`, `<arch>.context_length` ….
    public var information: [(key: String, value: JSON)]

    /// A description.
    public init(entry: ModelEntry, template: String, information: [(key: String, value: JSON)]) {
        self.entry = entry
        self.template = template
        self.information = information
    }

    /// The object.
    public var json: JSON {
        var information = ObjectBuilder()
        for (key, value) in self.information { information[key] = value }
        return [
            "modelfile": .string("FROM \(entry.name)\n"), "parameters": "", "template": .string(template),
            "details": entry.details, "model_info": information.json,
            "capabilities": .array(entry.capabilities.map { .string($0) }),
            "modified_at": .string(entry.modifiedAt),
        ]
    }

    /// Whether all that they say is the same.
    public static func == (left: ModelDescription, right: ModelDescription) -> Bool { left.json == right.json }

    /// Feeds what they say.
    public func hash(into hasher: inout Hasher) { hasher.combine(json) }
}
