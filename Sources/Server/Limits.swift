/// The bounds of this module, each with its reason.
public enum Limits {
    /// The largest body: 32 MiB hold a prompt of eight million tokens, more than any model reads.
    public static let bodyBytes = 32 << 20
    /// All of a request's header fields together. Browsers send some 2 KiB, the largest tokens in use 8 KiB.
    static let headerBytes = 64 << 10
    /// Fields of a request's header.
    static let headerFields = 128
    /// A connection without a request, or with half a one, is closed after this many seconds: slow clients hold nothing.
    static let idleConnectionSeconds: Int64 = 120
    /// A model that is loaded within a second needs no word about it; by then a broken one has failed its check, with
    /// a status of its own.
    public static let patience = Duration.seconds(1)
    /// Proxies in use cut a silent connection after 30 s and more.
    public static let heartbeat = Duration.seconds(5)
    /// Unknown names that the log remembers, so as to tell each once; a client that sends ever new ones fills no memory.
    static let rememberedNames = 1_000
    /// Choices of one request; each runs as a turn of the engine.
    static let choices = 16
    /// Depth of a body's nesting: tool schemas stay below 20.
    static let bodyDepth = 128
}
