import CDemonstrationModels
public import GGUF

extension ServedCatalog {
    /// The demonstration models inside the executable, used where they lie. `larch-3m` also answers to `larch`.
    ///
    /// - Throws: `GGUFError` if one of them was damaged when the executable was built.
    public static func demonstration() throws(GGUFError) -> ServedCatalog {
        var count = 0
        guard let first = conifer_demonstration_models(&count) else { return ServedCatalog([]) }
        var models: [ModelReference] = []
        for model in UnsafeBufferPointer(start: first, count: count) {
            let name = String(cString: model.name)
            let bytes = UnsafeRawBufferPointer(start: model.bytes, count: model.length)
            let stem = name.lastIndex(of: "-").map { String(name[..<$0]) }
            models.append(
                try ModelReference(
                    embedded: EmbeddedFile(name: name, bytes: bytes), aliases: [stem].compactMap(\.self)))
        }
        return ServedCatalog(models)
    }

    /// What a server serves: the registry's models, or the demonstration models where none is registered.
    public static func serving(_ registry: Registry) throws(CatalogError) -> ServedCatalog {
        let contents = try registry.contents()
        guard contents.entries.isEmpty else { return ServedCatalog(contents) }
        do {
            return try demonstration()
        } catch {
            throw .unusableFile(error)
        }
    }
}
