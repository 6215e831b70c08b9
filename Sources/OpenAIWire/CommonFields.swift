public import OrderedJSON

/// The fields that chat and text completions share, read once and for all.
///
/// What is nil was absent or `null`; defaults are the server's.
public struct CommonFields: Sendable {
    /// The name that the client asks for.
    public var model: String?
    /// Whether the answer comes in events.
    public var stream: Bool
    /// Whether a stream ends with a chunk that carries the usage. Means nothing without `stream`.
    public var includeUsage: Bool
    /// Sampling, as the client gave it; the ranges are checked by whoever samples.
    public var sampling: SamplingFields
    /// Texts that end the answer.
    public var stop: [String]
    /// How many answers are wanted (`n`).
    public var choices: Int
    /// `keep_alive`, unread: what is right in it is for the residency rules to say.
    public var keepAlive: JSON?

    /// The most stop strings in one request.
    public static let stopLimit = 16

    init(_ fields: JSONObjectReader, choices range: ClosedRange<Int>) throws(JSONFieldError) {
        model = try fields.string("model")
        stream = try fields.bool("stream") ?? false
        includeUsage = try fields.object("stream_options")?.bool("include_usage") ?? false
        sampling = try SamplingFields(fields)
        stop = try fields.strings("stop", atMost: Self.stopLimit)
        choices = try fields.integer("n", in: range) ?? 1
        keepAlive = try Self.keepAlive(fields)
    }

    /// Some clients can only reach `options`; the top level goes before it.
    static func keepAlive(_ fields: JSONObjectReader) throws(JSONFieldError) -> JSON? {
        let options = try fields.object("options")
        return fields.value("keep_alive") ?? options?.value("keep_alive")
    }
}
