public import OrderedJSON

/// What `POST /api/show` says of a model.
public struct ModelDescription: Sendable, Hashable {
    /// What it is.
    public var entry: ModelEntry
    /// The chat template; empty where the model has none.
    public var template: String
    /// The licence's name or text; empty where the file has none.
    public var license: String
    /// Tokens that a conversation may have here, once that is known.
    public var contextLength: Int?
    /// Metadata: `general.architecture`, `<arch>.context_length` ….
    public var information: [(key: String, value: JSON)]

    /// A description.
    public init(
        entry: ModelEntry, template: String, license: String, contextLength: Int?,
        information: [(key: String, value: JSON)]
    ) {
        self.entry = entry
        self.template = template
        self.license = license
        self.contextLength = contextLength
        self.information = information
    }

    /// `parameters`, a line each as Ollama writes them; clients split lines and match `name value`.
    private var parameters: String { contextLength.map { "num_ctx                        \($0)" } ?? "" }

    /// `modelfile`: what a client would write to get this model, the template as it was given.
    private var modelfile: String {
        "FROM \(entry.name)\n" + (template.isEmpty ? "" : "TEMPLATE \"\"\"\(template)\"\"\"\n")
            + (parameters.isEmpty ? "" : "PARAMETER \(parameters)\n")
    }

    /// The object.
    public var json: JSON {
        var information = ObjectBuilder()
        for (key, value) in self.information { information[key] = value }
        return [
            "license": .string(license), "modelfile": .string(modelfile), "parameters": .string(parameters),
            "template": .string(template),
            "details": entry.details, "model_info": information.json,
            "capabilities": .array(entry.capabilities.map { .string($0) }),
            "modified_at": .string(entry.modifiedAt),
        ]
    }

    /// Whether all that they say is the same.
    public static func == (left: ModelDescription, right: ModelDescription) -> Bool { left.json == right.json }

    /// Feeds what they say.
    public func hash(into hasher: inout Hasher) { hasher.combine(json) }
}
