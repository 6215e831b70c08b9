public import Residency

/// What the person who runs the server chooses, all of it read and checked.
public struct ServerConfiguration: Sendable {
    /// Where to listen.
    public var host: String
    /// The port; 0 takes any free one.
    public var port: Int
    /// The policy of a load whose request carries none.
    public var keepAlive: KeepAlive
    /// The model that answers unknown names while nothing is resident.
    public var defaultModel: String?
    /// Tokens that a model is given room for at most, however many its file allows; nil: as many as that.
    public var contextLength: Int?
    /// Turns that may wait.
    public var maxQueue: Int
    /// Turns that run at once on the resident model.
    public var parallel: Int
    /// How long turns for the resident model go on joining it while another model is waited for.
    public var linger: Duration
    /// How long turns may go on once the server is to end.
    public var shutdownGrace: Duration
    /// What requests must carry; nil lets everybody in.
    public var apiKey: String?
    /// Web pages that may use the server, besides those of this machine.
    public var allowedOrigins: [String]
    /// The largest body, in bytes.
    public var bodyLimit: Int
    /// conifer's version.
    public var version: String
    /// How long the streaming of an answer waits for the model before it says that it waits.
    public var patience: Duration
    /// How often it says so, and that a silent model is at work.
    public var heartbeat: Duration
    /// How long a connection may stay without a whole header, or without the next piece of a body.
    public var idleTimeout: Duration
    /// How long a body may take to come, whole.
    public var bodyTimeout: Duration
    /// How long a client may take nothing of its answer.
    public var stallTimeout: Duration

    /// The defaults of `conifer serve`.
    public init(
        host: String = "127.0.0.1", port: Int = 8080, keepAlive: KeepAlive = .after(.seconds(300)),
        defaultModel: String? = nil, contextLength: Int? = nil, maxQueue: Int = 512, parallel: Int = 8,
        linger: Duration = .zero,
        shutdownGrace: Duration = .seconds(30), apiKey: String? = nil, allowedOrigins: [String] = [],
        bodyLimit: Int = Limits.bodyBytes, version: String = "0.1.0", patience: Duration = Limits.patience,
        heartbeat: Duration = Limits.heartbeat, idleTimeout: Duration = Limits.idleTimeout,
        bodyTimeout: Duration = Limits.bodyTimeout, stallTimeout: Duration = Limits.stallTimeout
    ) {
        self.host = host
        self.port = port
        self.keepAlive = keepAlive
        self.defaultModel = defaultModel
        self.contextLength = contextLength
        self.maxQueue = maxQueue
        self.parallel = parallel
        self.linger = linger
        self.shutdownGrace = shutdownGrace
        self.apiKey = apiKey
        self.allowedOrigins = allowedOrigins
        self.bodyLimit = bodyLimit
        self.version = version
        self.patience = patience
        self.heartbeat = heartbeat
        self.idleTimeout = idleTimeout
        self.bodyTimeout = bodyTimeout
        self.stallTimeout = stallTimeout
    }

    /// The context of a model whose file allows so much, where nothing but the flag cuts it.
    func cutContextLength(ofFile length: Int) -> Int { min(length, contextLength ?? length) }

    /// Whether only this machine can reach the server.
    public var isLoopback: Bool { LoopbackName.matches(host: host) }
}
