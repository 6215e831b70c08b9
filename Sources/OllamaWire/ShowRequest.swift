public import OrderedJSON

/// The body of `POST /api/show`: `model`, or the older `name`.
public struct ShowRequest: Sendable {
    /// The model's name; never empty.
    public var model: String

    /// Reads a body.
    ///
    /// - Throws: an error that names the field.
    public init(_ body: JSON) throws(JSONFieldError) {
        model = try ModelField.newerOrOlder(JSONObjectReader(body))
    }
}
