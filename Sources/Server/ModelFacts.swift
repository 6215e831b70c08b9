import Catalog
import Dispatch
import GGUF
import Inference
import OrderedJSON
import Synchronization

/// What `/api/show` and `/api/tags` tell of a model beyond its catalog entry, from its file's header.
struct ModelFacts: Sendable {
    /// `completion` or `embedding`, `tools`, `thinking`, `insert`: what Ollama's clients choose models by.
    let capabilities: [String]
    /// The chat template; empty where there is none.
    let template: String
    /// The licence's name or text; empty where there is none.
    let license: String
    /// The header's scalars.
    private let information: [(key: String, value: JSON)]
    /// The key of the context's length, which has the architecture's name in it.
    private let contextLengthKey: String

    /// Vocabularies and templates have megabytes; what is worth showing is short.
    private static let longestText = 1_000

    init(_ reference: ModelReference) throws(GGUFError) {
        let file = try reference.open()
        let metadata = file.metadata
        template = metadata.string(MetadataKey.chatTemplate) ?? ""
        license = metadata.string(MetadataKey.license) ?? ""
        capabilities = Self.capabilities(ModelAbilities(file))
        var information: [(key: String, value: JSON)] = []
        for key in metadata.keys where key != MetadataKey.chatTemplate {
            guard let value = metadata[key], let json = Self.scalar(value) else { continue }
            information.append((key, json))
        }
        information.append((MetadataKey.parameterCount, .integer(Int64(reference.parameterCount))))
        if metadata.string(MetadataKey.basename) == nil {
            information.append((MetadataKey.basename, .string(reference.name)))
        }
        self.information = information
        contextLengthKey = MetadataKey.contextLength(reference.architecture)
    }

    /// The header's scalars; the context no longer than the server gives it room for, since clients choose their prompts'
    /// lengths by it.
    func information(contextLength: Int?) -> [(key: String, value: JSON)] {
        guard let contextLength else { return information }
        return information.map { key, value in
            guard key == contextLengthKey, let length = value.integerValue else { return (key, value) }
            return (key, JSON.integer(Int64(min(length, contextLength))))
        }
    }

    /// As Ollama tells them: a model that was made for embeddings completes nothing worth reading, and is not offered for it.
    private static func capabilities(_ abilities: ModelAbilities) -> [String] {
        if abilities.isForEmbeddings { return ["embedding"] }
        var capabilities = ["completion"]
        if abilities.hasTools { capabilities.append("tools") }
        if abilities.hasReasoning { capabilities.append("thinking") }
        if abilities.canFillIn { capabilities.append("insert") }
        return capabilities
    }

    private static func scalar(_ value: MetadataValue) -> JSON? {
        if let flag = value.boolValue { return .bool(flag) }
        if let number = value.integerValue { return .integer(Int64(number)) }
        if let number = value.doubleValue { return number.isFinite ? .number(number) : nil }
        guard let text = value.stringValue, text.utf8.count <= longestText else { return nil }
        return .string(text)
    }
}

/// Reads headers once, on threads where that blocks nobody else: status pages are asked for every few seconds.
final class ModelFactsCache: Sendable {
    private let known = Mutex<[CatalogModel: ModelFacts]>([:])

    /// The facts of a model. A file that cannot be read gives the error that says so, and is looked at again next time.
    func facts(of reference: ModelReference) async throws -> ModelFacts {
        let model = CatalogModel(reference: reference)
        if let facts = known.withLock({ $0[model] }) { return facts }
        let facts = try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(with: Result { try ModelFacts(reference) }) }
        }
        known.withLock { $0[model] = facts }
        return facts
    }

    /// Forgets the models that are not in this list.
    func keep(_ models: [ModelReference]) {
        let kept = Set(models.map { CatalogModel(reference: $0) })
        known.withLock { known in known = known.filter { kept.contains($0.key) } }
    }
}
