import GGUF
import TestModels
import Testing

@testable import Catalog

@Suite struct ServedCatalogTests {
    /// A catalog of models of these names, each with its aliases.
    private func catalog(_ names: [(String, [String])]) -> ServedCatalog {
        ServedCatalog(
            names.map { name, aliases in
                ModelReference(
                    RegistryEntry(
                        name: name, path: "/\(name).gguf", parts: [], architecture: "llama", parameterCount: 1,
                        quantization: "F32", byteCount: 1, contextLength: nil, digest: "00", added: noon,
                        aliases: aliases))
            })
    }

    private func id(_ catalog: ServedCatalog, _ name: String?) -> String? {
        catalog.resolve(name).model?.name
    }

    @Test func namesAreMatchedExactlyThenWithoutCaseThenWithLatest() {
        let catalog = catalog([("Llama", []), ("llama", []), ("qwen:latest", ["Chat"]), ("phi", ["phi:3"])])
        #expect(id(catalog, "Llama") == "Llama")
        #expect(id(catalog, "llama") == "llama")
        #expect(id(catalog, "LLAMA") == "Llama", "the first of those that differ in case only")
        #expect(id(catalog, "llama:latest") == "llama")
        #expect(id(catalog, "Llama:latest") == "Llama")
        #expect(id(catalog, "qwen") == "qwen:latest")
        #expect(id(catalog, "QWEN:LATEST") == "qwen:latest")
        #expect(id(catalog, "chat") == "qwen:latest")
        #expect(id(catalog, "CHAT:Latest") == "qwen:latest")
        #expect(id(catalog, "phi:3") == "phi")
        #expect(id(catalog, "phi:2") == nil)
    }

    @Test func aModelsNameGoesBeforeAnotherOnesAlias() {
        #expect(id(catalog([("a", ["b"]), ("b", [])]), "b") == "b")
    }

    @Test(arguments: [
        nil, "", " ", "nobody", "../a", "/etc/passwd", "file:///a.gguf", "/a.gguf", "a.gguf", ":latest", "a:",
        "\u{212A}", "a\u{0}",
    ])
    func everythingElseIsUnknown(_ name: String?) {
        #expect(catalog([("a", []), ("K", [])]).resolve(name) == .unknown)
    }

    @Test func theDefaultIsThePreferredOneThenTheLastOneThenTheFirst() {
        let catalog = catalog([("a", []), ("b", ["two"]), ("c", [])])
        #expect(catalog.defaultModel(preferred: "two", lastResident: "c")?.name == "b")
        #expect(catalog.defaultModel(preferred: nil, lastResident: "c")?.name == "c")
        #expect(catalog.defaultModel(preferred: nil, lastResident: "gone")?.name == "a")
        #expect(catalog.defaultModel(preferred: nil, lastResident: nil)?.name == "a")
        #expect(ServedCatalog([]).defaultModel(preferred: "a", lastResident: "a") == nil)
        #expect(ServedCatalog([]).isEmpty)
    }

    @Test func anIdIsExact() {
        let catalog = catalog([("a", ["b"])])
        #expect(catalog.model(id: "a")?.name == "a")
        #expect(catalog.model(id: "b") == nil)
        #expect(catalog.model(id: "A") == nil)
    }

    @Test func aRegistrysEntriesAreServedInOrderWithTheirAliases() throws {
        let test = try TestRegistry()
        try test.add("z")
        try test.add("a")
        try test.registry.alias("last", target: "z")
        let catalog = ServedCatalog(try test.registry.contents())
        #expect(catalog.models.map(\.name) == ["z", "a"])
        let model = try #require(catalog.resolve("last").model)
        #expect(model.name == "z")
        #expect(model.added == noon)
        #expect(try model.open().metadata.string(MetadataKey.architecture) == "llama")
    }

    @Test func aFileThatHasGoneStaysListedAndIsNamedWhenOpened() throws {
        let test = try TestRegistry()
        let path = try TinyModel(.qwen2).write(into: test.folder, as: "gone.gguf")
        try test.add("gone", file: path)
        try test.add("here")
        try test.folder.remove("gone.gguf")
        let catalog = ServedCatalog(try test.registry.contents())
        #expect(catalog.models.map(\.name) == ["gone", "here"])
        let error = #expect(throws: GGUFError.self) { try catalog.models[0].open() }
        #expect(error?.code == .missing)
        #expect(error?.fileName == "gone.gguf")
    }

    @Test func anEmbeddedModelIsServedFromWhereItLies() throws {
        let content = TinyModel(.qwen3, weights: .q8_0).bytes()
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: content.count, alignment: 64)
        defer { bytes.deallocate() }
        bytes.copyBytes(from: content)
        let embedded = EmbeddedFile(name: "inside", bytes: UnsafeRawBufferPointer(bytes))
        let model = try ModelReference(embedded: embedded)
        #expect(model.name == "inside")
        #expect(model.architecture == "qwen3")
        #expect(model.quantization == "Q8_0")
        #expect(model.byteCount == UInt64(content.count))
        #expect(model.added == nil)
        #expect(model.source == .embedded(embedded))
        let file = try model.open()
        let tensor = try #require(file.tensors.first)
        #expect(file.bytes(of: tensor).baseAddress == UnsafeRawPointer(bytes.baseAddress)?.advanced(by: tensor.offset))
    }

    @Test func anEmptyRegistryServesTheDemonstrationModels() throws {
        let test = try TestRegistry()
        let catalog = try ServedCatalog.serving(test.registry)
        #expect(catalog.models.count == 2)
        #expect(Set(catalog.models.map(\.architecture)) == ["llama", "qwen3"])
        for model in catalog.models {
            let stem = try #require(model.name.split(separator: "-").first.map(String.init))
            #expect(try ModelName.checked(model.name) == model.name)
            #expect(catalog.resolve(stem).model == model)
            #expect(try model.open().tensors.isEmpty == false)
            #expect(model.parameterCount > 1_000_000)
        }
        try test.add("mine")
        #expect(try ServedCatalog.serving(test.registry).models.map(\.name) == ["mine"])
    }

    @Test func aFileThatIsNotRegisteredCanBeReferredTo() throws {
        let test = try TestRegistry()
        let model = try ModelReference(path: test.model)
        #expect(model.name == "tiny-llama-random-weights-f32")
        #expect(model.source == .file(path: test.model))
    }
}
