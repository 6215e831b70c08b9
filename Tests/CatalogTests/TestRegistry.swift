import GGUF
import TestModels

@testable import Catalog

/// What the tests' engine runs.
let runnable = RunnableModels(architectures: ["llama", "qwen2", "qwen3"], tensorTypes: [.f32, .f16, .q8_0])

/// A moment: 2026-11-27T10:15:00Z.
let noon = Timestamp(secondsSince1970: 1_795_774_500)

/// A folder with a registry and a model in it.
struct TestRegistry {
    let folder: TemporaryFolder
    let registry: Registry
    let model: String

    init() throws {
        folder = try TemporaryFolder()
        registry = Registry(home: folder.file("home"))
        model = try TinyModel(.llama).write(into: folder, as: "tiny.gguf")
    }

    @discardableResult
    func add(_ name: String?, replace: Bool = false, file: String? = nil) throws(CatalogError) -> RegistryEntry {
        try registry.add(file: file ?? model, name: name, replace: replace, runnable: runnable, now: noon)
    }

    func names() throws -> [String] {
        try registry.contents().entries.map(\.name)
    }

    /// The error of a call, or nil.
    func refusal(_ call: (TestRegistry) throws(CatalogError) -> Void) -> CatalogError? {
        do throws(CatalogError) {
            try call(self)
            return nil
        } catch {
            return error
        }
    }
}
