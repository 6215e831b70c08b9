public import OrderedJSON

/// One entry of `GET /v1/models`. All keys are required by openai-python.
public struct ModelObject: Sendable, Hashable {
    /// The model's id.
    public var id: String
    /// When it was registered, in seconds since 1970.
    public var created: Int64
    /// Tokens that it reads at most, an extra.
    public var contextLength: Int?
    /// Whether it is in memory, an extra.
    public var status: Status

    /// Whether a model is in memory, in llama.cpp's words.
    public enum Status: String, Sendable, Hashable {
        /// It is not.
        case unloaded
        /// It is on its way.
        case loading
        /// It is.
        case loaded
    }

    /// An entry.
    public init(id: String, created: Int64, contextLength: Int? = nil, status: Status = .unloaded) {
        self.id = id
        self.created = created
        self.contextLength = contextLength
        self.status = status
    }

    /// The `model` object.
    public var json: JSON {
        let json: JSON = [
            "id": .string(id), "object": "model", "created": .integer(created), "owned_by": "conifer",
            "status": ["value": .string(status.rawValue)],
        ]
        return json.adding("context_length", contextLength.map { JSON($0) })
    }

    /// The answer to `GET /v1/models`.
    public static func list(_ models: [ModelObject]) -> JSON {
        ["object": "list", "data": .array(models.map(\.json))]
    }
}
