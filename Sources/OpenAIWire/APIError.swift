public import OrderedJSON

/// An error on the OpenAI wire.
public struct APIError: Sendable, Hashable {
    /// What happened and what to do.
    public var message: String
    /// The kind of error: `invalid_request_error`, `server_error` ….
    public var type: String
    /// The field at fault.
    public var param: String?
    /// The precise reason: `context_length_exceeded` ….
    public var code: String?

    /// An error.
    public init(message: String, type: String, param: String? = nil, code: String? = nil) {
        self.message = message
        self.type = type
        self.param = param
        self.code = code
    }

    /// The body of an error answer, and the data of an error event. All four keys are always there.
    public var json: JSON {
        [
            "error": [
                "message": .string(message), "type": .string(type), "param": param.map { .string($0) } ?? .null,
                "code": code.map { .string($0) } ?? .null,
            ]
        ]
    }
}
