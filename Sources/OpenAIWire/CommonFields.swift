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
        stop = try Self.stopStrings(fields)
        choices = try fields.integer("n", in: range) ?? 1
        keepAlive = try Self.keepAlive(fields)
    }

    /// Some clients can only reach `options`; the top level goes before it.
    static func keepAlive(_ fields: JSONObjectReader) throws(JSONFieldError) -> JSON? {
        let options = try fields.object("options")
        return fields.value("keep_alive") ?? options?.value("keep_alive")
    }

    private static func stopStrings(_ fields: JSONObjectReader) throws(JSONFieldError) -> [String] {
        guard let value = fields.value("stop") else { return [] }
        if let single = value.stringValue { return single.isEmpty ? [] : [single] }
        guard let elements = value.arrayValue else {
            throw fields.error("stop", "must be a string or an array of strings, not \(value.kindName)")
        }
        guard elements.count <= stopLimit else {
            throw fields.error("stop", "has \(elements.count) strings; at most \(stopLimit) are taken")
        }
        var strings: [String] = []
        for (index, element) in elements.enumerated() {
            guard let text = element.stringValue else {
                throw fields.error("stop[\(index)]", "must be a string, not \(element.kindName)")
            }
            if !text.isEmpty { strings.append(text) }
        }
        return strings
    }
}
