/// The bounds of this module, each with its reason.
public enum Limits {
    /// The largest body: 32 MiB hold a prompt of eight million tokens, more than any model reads.
    public static let bodyBytes = 32 << 20
    /// All of a request's header fields together. Browsers send some 2 KiB, the largest tokens in use 8 KiB.
    static let headerBytes = 64 << 10
    /// A list of the fields that a page wants to send: libraries of clients name a dozen or two.
    static let fieldNamesBytes = 2 << 10
    /// Fields of a request's header.
    static let headerFields = 128
    /// A connection without a request, or with half a header, is closed after this long: slow clients hold nothing.
    public static let idleTimeout = Duration.seconds(120)
    /// A body may take this long to come, whole: the largest one needs it at 1 Mbit/s. A client that sends a byte now and
    /// then is not idle, but it is slow.
    public static let bodyTimeout = Duration.seconds(300)
    /// A client that takes nothing of its answer for this long has stopped reading: its turn ends, so that a swap need not
    /// wait for it. Proxies and debuggers pause for less.
    public static let stallTimeout = Duration.seconds(60)
    /// Once a shutdown's grace is over and the slot is empty, connections may take this long to hear of it.
    static let farewell = Duration.seconds(2)
    /// A model that is loaded within a second needs no word about it; by then a broken one has failed its check, with
    /// a status of its own.
    public static let patience = Duration.seconds(1)
    /// Proxies in use cut a silent connection after 30 s and more.
    public static let heartbeat = Duration.seconds(5)
    /// Unknown names that the log remembers, so as to tell each once; a client that sends ever new ones fills no memory.
    static let rememberedNames = 1_000
    /// Sets of labels that a metric keeps apart: a catalog of dozens of models in all their outcomes.
    static let metricSeries = 500
    /// Answers to all prompts of one request. They wait for the engine with their prompts' tokens, and a client with more
    /// of them can send another request.
    static let answers = 256
    /// Tokens of an answer on OpenAI's wire, unless its request says how many.
    static let defaultAnswerTokens = 512
    /// Depth of a body's nesting: tool schemas stay below 20.
    static let bodyDepth = 128
}
