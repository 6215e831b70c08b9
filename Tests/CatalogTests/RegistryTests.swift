import GGUF
import OrderedJSON
import TestModels
import Testing

@testable import Catalog

@Suite struct RegistryTests {
    @Test func anAddedModelIsListedWithWhatItsHeaderSays() throws {
        let test = try TestRegistry()
        #expect(try test.registry.contents().entries.isEmpty)
        let added = try test.add(nil)
        let listed = try #require(try test.registry.contents().entries.first)
        #expect(listed == added)
        #expect(listed.name == "tiny-llama-random-weights-f32")
        #expect(listed.path == test.model)
        #expect(listed.parts.isEmpty)
        #expect(listed.architecture == "llama")
        #expect(listed.quantization == "F32")
        #expect(listed.contextLength == 512)
        let file = try GGUFFile(path: test.model)
        #expect(listed.parameterCount == file.tensors.reduce(0) { $0 + $1.elementCount })
        #expect(listed.byteCount == file.byteCount)
        #expect(listed.digest.count == 64)
        #expect(listed.added.text == "2026-11-27T10:15:00Z")
    }

    @Test func theFileIsJSONThatPeopleCanRead() throws {
        let test = try TestRegistry()
        try test.add("a")
        try test.registry.alias("b", target: "a")
        let document = try JSON(parsing: TemporaryFolder.read(test.registry.path))
        #expect(document["version"] == 1)
        let model = try #require(document["models"]?[0])
        #expect(model["name"] == "a")
        #expect(model["path"]?.stringValue == test.model)
        #expect(model["aliases"] == ["b"])
        #expect(test.folder.names() == ["home", "tiny.gguf"])
        #expect(TemporaryFolder.names(in: test.folder.file("home")) == ["registry.json", "registry.lock"])
    }

    @Test func theListKeepsTheOrderOfAdding() throws {
        let test = try TestRegistry()
        for name in ["c", "a", "b"] { try test.add(name) }
        #expect(try test.names() == ["c", "a", "b"])
        try test.add("a", replace: true)
        #expect(try test.names() == ["c", "a", "b"])
        try test.registry.remove("c")
        #expect(try test.names() == ["a", "b"])
    }

    @Test func aTakenNameIsRefusedUnlessReplaced() throws {
        let test = try TestRegistry()
        try test.add("llama")
        try test.registry.alias("chat", target: "llama")
        let other = try TinyModel(.qwen3).write(into: test.folder)
        for name in ["llama", "LLAMA", "llama:latest", "Llama:Latest"] {
            guard case .nameTaken = test.refusal({ test throws(CatalogError) in try test.add(name, file: other) })
            else {
                Issue.record("\(name) is not taken")
                continue
            }
        }
        // An alias is never replaced by an entry: whoever uses it would get another model.
        guard
            case .nameTaken(_, let owner) = test.refusal({ test throws(CatalogError) in
                try test.add("chat", replace: true)
            })
        else {
            Issue.record("the alias is not taken")
            return
        }
        #expect(owner == "an alias of 'llama'")
        try test.add("llama", replace: true, file: other)
        let entry = try #require(try test.registry.contents().entry(named: "chat"))
        #expect(entry.architecture == "qwen3")
        #expect(entry.aliases == ["chat"])
        #expect(try test.names() == ["llama"])
    }

    @Test func removingNeverTouchesTheFile() throws {
        let test = try TestRegistry()
        let before = try TemporaryFolder.read(test.model)
        let entry = try test.add("a")
        #expect(try test.registry.remove("A:latest") == .entry(entry))
        #expect(try test.names().isEmpty)
        #expect(try TemporaryFolder.read(test.model) == before)
        #expect(
            test.refusal { test throws(CatalogError) in try test.registry.remove("a") } == .unknownName("a", known: []))
    }

    @Test func removingAnAliasLeavesTheModel() throws {
        let test = try TestRegistry()
        try test.add("a")
        try test.registry.alias("b", target: "a")
        #expect(try test.registry.remove("B") == .alias("b", of: "a"))
        #expect(try test.names() == ["a"])
        #expect(try test.registry.contents().entry(named: "b") == nil)
    }

    @Test func aliases() throws {
        let test = try TestRegistry()
        try test.add("a")
        try test.add("b")
        try test.registry.alias("x", target: "a")
        // An alias of an alias is one of its entry.
        #expect(try test.registry.alias("y", target: "x").name == "a")
        // The same again changes nothing.
        #expect(try test.registry.alias("x", target: "a").aliases == ["x", "y"])
        #expect(
            test.refusal { test throws(CatalogError) in try test.registry.alias("x", target: "b") }
                == .nameTaken("x", by: "an alias of 'a'"))
        #expect(try test.registry.alias("x", target: "b", replace: true).aliases == ["x"])
        #expect(try test.registry.contents().entry(named: "a")?.aliases == ["y"])
        #expect(
            test.refusal { test throws(CatalogError) in try test.registry.alias("b", target: "a", replace: true) }
                == .nameTaken("b", by: "the model itself, not an alias"))
        #expect(
            test.refusal { test throws(CatalogError) in try test.registry.alias("z", target: "nobody") }
                == .unknownName("nobody", known: ["a", "b"]))
        // Over its own target: the alias moves from itself to the entry that it stood for.
        #expect(try test.registry.alias("y", target: "y", replace: true).aliases == ["y"])
    }

    @Test func aPathBecomesAbsoluteAndKeepsItsName() throws {
        let test = try TestRegistry()
        let target = test.folder.file("blob")
        try TemporaryFolder.write(TinyModel(.llama).bytes(), to: target)
        let link = try test.folder.link("named.gguf", to: target)
        let entry = try test.add("linked", file: test.folder.path + "/././named.gguf")
        #expect(entry.path == link)
    }

    @Test func whatCannotRunIsRefusedBeforeItIsRegistered() throws {
        let test = try TestRegistry()
        func refused(_ builder: GGUFBuilder) throws -> String {
            let path = try test.folder.write(builder.build(), as: "odd.gguf")
            return "\(try #require(test.refusal { test throws(CatalogError) in try test.add("odd", file: path) }))"
        }
        var builder = TinyModel(.llama).builder()
        builder.set("general.architecture", .string("mamba"))
        #expect(
            try refused(builder).contains(
                "general.architecture: 'mamba' does not run yet; these do: llama, qwen2, qwen3"))
        builder.remove("general.architecture")
        #expect(try refused(builder).contains("general.architecture: is missing"))
        builder = TinyModel(.llama, weights: .q4_0).builder()
        #expect(try refused(builder).contains("tensor 'token_embd.weight': has the type Q4_0, which does not run yet"))
        builder = TinyModel(.llama).builder()
        builder.tensors = []
        #expect(try refused(builder).contains("a vocabulary without a model"))
        builder.set("general.type", .string("mmproj"))
        #expect(try refused(builder).contains("general.type: is 'mmproj'"))
        let missing = test.refusal { test throws(CatalogError) in try test.add("x", file: "/nowhere/x.gguf") }
        #expect("\(try #require(missing))".hasPrefix("/nowhere/x.gguf: file: cannot be opened"))
        #expect(try test.names().isEmpty)
    }

    @Test func aSplitModelIsOneEntryWithAllItsParts() throws {
        let test = try TestRegistry()
        var paths: [String] = []
        for index in 0..<2 {
            var builder = index == 0 ? TinyModel(.llama).builder() : GGUFBuilder()
            let tensors = TinyModel(.llama).builder().tensors
            builder.tensors = index == 0 ? Array(tensors.prefix(5)) : Array(tensors.dropFirst(5))
            builder.set("split.no", .uint16(UInt16(index)))
            builder.set("split.count", .uint16(2))
            paths.append(try test.folder.write(builder.build(), as: "s-0000\(index + 1)-of-00002.gguf"))
        }
        let entry = try test.add(nil, file: paths[1])
        #expect(entry.path == paths[0])
        #expect(entry.parts == paths)
        #expect(try test.registry.contents().entries == [entry])
    }

    @Test func theDigestTellsFilesApartAndCopiesNot() throws {
        let test = try TestRegistry()
        let copy = try TinyModel(.llama).write(into: test.folder, as: "copy.gguf")
        // The same header, other weights.
        let other = try TinyModel(.llama, seed: 2).write(into: test.folder, as: "other.gguf")
        let digests = try [test.model, copy, other].enumerated().map {
            try test.add("m\($0.offset)", file: $0.element).digest
        }
        #expect(digests[0] == digests[1])
        #expect(digests[0] != digests[2])
    }
}
