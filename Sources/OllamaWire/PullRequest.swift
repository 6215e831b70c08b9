public import OrderedJSON

/// The body of `POST /api/pull`: which model a client wants to be there.
public struct PullRequest: Sendable {
    /// The model's name; never empty.
    public var model: String
    /// Whether the answer comes line by line; the default is yes.
    public var stream: Bool

    /// Reads a body.
    ///
    /// - Throws: an error that names the field.
    public init(_ body: JSON) throws(JSONFieldError) {
        let fields = try JSONObjectReader(body)
        model = try ModelField.newerOrOlder(fields)
        stream = try fields.bool("stream") ?? true
    }
}
