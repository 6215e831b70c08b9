public import OrderedJSON

/// What `POST /api/show` says of a model.
public struct ModelDescription: Sendable, Hashable {
    /// What it is.
    public var entry: ModelEntry
    /// The chat template.
    public var template: String
    /// Metadata: `general.architecture`, `<arch>.context_length` ….
    public var information: [(key: String, value: JSON)]

    /// A description.
    public init(entry: ModelEntry, template: String, information: [(key: String, value: JSON)]) {
        self.entry = entry
        self.template = template
        self.information = information
    }

    /// The object.
    public var json: JSON {
        var information = ObjectBuilder()
        for (key, value) in self.information { information[key] = value }
        return [
            "modelfile": .string("FROM \(entry.name)\n"), "parameters": "", "template": .string(template),
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
