public import OrderedJSON

/// The body of `POST /api/generate`.
public struct GenerateRequest: Sendable {
    /// What it shares with `/api/chat`.
    public var common: CommonFields
    /// The text to answer, or what stands before the gap. Without it and without a suffix: load the model, or with
    /// `keep_alive` 0 unload it.
    public var prompt: String
    /// Instructions ahead of it.
    public var system: String
    /// Whether the prompt goes to the model as it is, without the chat template.
    public var raw: Bool
    /// What follows the gap that is to be filled.
    public var suffix: String
    /// A template in place of the model's own.
    public var template: String
    /// The tokens of the conversation so far, as an earlier answer gave them.
    public var context: [Int32]

    /// Reads a body.
    ///
    /// - Throws: an error that names the field.
    public init(_ body: JSON) throws(JSONFieldError) {
        let fields = try JSONObjectReader(body)
        common = try CommonFields(fields)
        prompt = try fields.string("prompt") ?? ""
        system = try fields.string("system") ?? ""
        raw = try fields.bool("raw") ?? false
        suffix = try fields.string("suffix") ?? ""
        template = try fields.string("template") ?? ""
        context = []
        for (index, element) in (try fields.array("context") ?? []).enumerated() {
            guard let number = element.integerValue, let token = Int32(exactly: number), token >= 0 else {
                throw fields.error("context[\(index)]", "must be a token id")
            }
            context.append(token)
        }
        try Images.refuse(fields)
    }
}
