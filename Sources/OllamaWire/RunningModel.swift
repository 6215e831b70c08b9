public import OrderedJSON

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
