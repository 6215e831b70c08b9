public import OrderedJSON

/// The body of `POST /api/embed`, and of the older `POST /api/embeddings` with one `prompt`.
public struct EmbedRequest: Sendable {
    /// The model's name; never empty.
    public var model: String
    /// The texts; empty: load the model, or with `keep_alive` 0 unload it.
    public var input: [String]
    /// Whether a text that is too long is cut to the context; the default is yes.
    public var truncate: Bool
    /// How many numbers of each vector are wanted; nil for all.
    public var dimensions: Int?
    /// `keep_alive`, unread, from the top level or else from `options`.
    public var keepAlive: JSON?

    /// The most texts in one request: each is a turn of the engine, and their vectors are held until the last is there.
    public static let inputLimit = 2_048

    /// Reads a body of `/api/embed`.
    ///
    /// - Throws: an error that names the field.
    public init(_ body: JSON) throws(JSONFieldError) {
        let fields = try JSONObjectReader(body)
        try self.init(common: fields, input: Self.texts(fields))
        truncate = try fields.bool("truncate") ?? true
        let count = try fields.integer("dimensions", in: 0 ... .max)
        dimensions = count == 0 ? nil : count
    }

    /// Reads a body of `/api/embeddings`.
    ///
    /// - Throws: an error that names the field.
    public init(older body: JSON) throws(JSONFieldError) {
        let fields = try JSONObjectReader(body)
        let prompt = try fields.string("prompt") ?? ""
        try self.init(common: fields, input: prompt.isEmpty ? [] : [prompt])
    }

    private init(common fields: JSONObjectReader, input: [String]) throws(JSONFieldError) {
        model = try ModelField.required(fields)
        self.input = input
        truncate = true
        let options = try fields.object("options")
        keepAlive = fields.value("keep_alive") ?? options?.value("keep_alive")
    }

    private static func texts(_ fields: JSONObjectReader) throws(JSONFieldError) -> [String] {
        guard let value = fields.value("input") else { return [] }
        if let text = value.stringValue { return text.isEmpty ? [] : [text] }
        guard let elements = value.arrayValue else {
            throw fields.error("input", "must be a string or an array of strings, not \(value.kindName)")
        }
        guard elements.count <= inputLimit else {
            throw fields.error("input", "has \(elements.count) texts; at most \(inputLimit) are taken")
        }
        var texts: [String] = []
        for (index, element) in elements.enumerated() {
            guard let text = element.stringValue else {
                throw fields.error("input[\(index)]", "must be a string, not \(element.kindName)")
            }
            texts.append(text)
        }
        return texts
    }
}
