public import OrderedJSON

/// The body of `POST /api/show`: `model`, or the older `name`.
public struct ShowRequest: Sendable {
    /// The model's name; never empty.
    public var model: String

    /// Reads a body.
    ///
    /// - Throws: an error that names the field.
    public init(_ body: JSON) throws(JSONFieldError) {
        let fields = try JSONObjectReader(body)
        // Ollama's own client sends both, with an empty `model`.
        let names = [try fields.string("model"), try fields.string("name")].compactMap { $0 }
        guard let name = names.first(where: { !$0.isEmpty }) else { throw fields.error("model", "is required") }
        model = name
    }
}
