internal import Catalog
internal import Inference

/// Loads models into this process, for commands that do without a server.
enum LocalModel {
    /// Loads a model off the cooperative pool, which a load would block.
    static func load(_ reference: ModelReference, options: LoadOptions) async throws -> LanguageModel {
        try await offPool {
            try LanguageModel(LoadPlan(reference.open(), name: reference.name, options: options))
        }
    }
}
