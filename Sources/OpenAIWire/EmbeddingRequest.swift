public import OrderedJSON

/// The body of `POST /v1/embeddings`, read once and for all. Fields that are not listed are accepted and ignored.
public struct EmbeddingRequest: Sendable {
    /// How a vector is written.
    public enum Encoding: String, Sendable, Hashable, CaseIterable {
        /// A JSON array of numbers.
        case float
        /// Its float32s, little-endian, in base64: what openai-python asks for unless told otherwise.
        case base64
    }

    /// The name that the client asks for.
    public var model: String?
    /// What is to be embedded, at least one.
    public var inputs: [PromptField]
    /// How vectors are written.
    public var encoding: Encoding
    /// How long vectors are to be; nil: as long as the model makes them.
    public var dimensions: Int?
    /// `keep_alive`, unread: what is right in it is for the residency rules to say.
    public var keepAlive: JSON?

    /// The most inputs in one request, as OpenAI has it.
    public static let inputLimit = 2048

    /// Reads a body.
    ///
    /// - Throws: an error that names the field.
    public init(_ body: JSON) throws(JSONFieldError) {
        let fields = try JSONObjectReader(body)
        model = try fields.string("model")
        inputs = try PromptField.read("input", from: fields, atMost: Self.inputLimit)
        encoding = .float
        if let name = try fields.string("encoding_format") {
            guard let known = Encoding(rawValue: name) else {
                throw fields.error("encoding_format", "is \"\(name.shortened(to: 40))\"; it must be float or base64")
            }
            encoding = known
        }
        dimensions = try fields.integer("dimensions", in: 1 ... .max)
        keepAlive = try CommonFields.keepAlive(fields)
    }
}
