import Catalog
import GGUF
import OllamaWire
import OrderedJSON

/// Reads what `/api/show` tells of a model from its header.
enum ModelDetails {
    static func describe(_ reference: ModelReference, entry: ModelEntry) throws(GGUFError) -> ModelDescription {
        let metadata = try reference.open().metadata
        let template = metadata.string(MetadataKey.chatTemplate) ?? ""
        var entry = entry
        if template.contains("tools") { entry.capabilities.append("tools") }
        if template.contains("<think>") || template.contains("enable_thinking") {
            entry.capabilities.append("thinking")
        }
        var information: [(key: String, value: JSON)] = []
        // Scalars only, and no long texts: vocabularies and templates have megabytes.
        for key in metadata.keys {
            guard let value = metadata[key], let json = scalar(value) else { continue }
            information.append((key, json))
        }
        information.append(("general.parameter_count", .integer(Int64(reference.parameterCount))))
        if metadata.string("general.basename") == nil {
            information.append(("general.basename", .string(reference.name)))
        }
        return ModelDescription(entry: entry, template: template, information: information)
    }

    private static func scalar(_ value: MetadataValue) -> JSON? {
        if let flag = value.boolValue { return .bool(flag) }
        if let number = value.integerValue { return .integer(Int64(number)) }
        if let number = value.doubleValue { return number.isFinite ? .number(number) : nil }
        guard let text = value.stringValue, text.utf8.count <= 1_000 else { return nil }
        return .string(text)
    }
}
