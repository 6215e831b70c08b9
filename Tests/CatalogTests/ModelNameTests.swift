import GGUF
import TestModels
import Testing

@testable import Catalog

@Suite struct ModelNameTests {
    @Test(arguments: [
        "a", "7", "llama3.2:1b", "hf.co/user/Model-GGUF:Q4_K_M", "qwen3-0.6b-q4_k_m", "A_b.c-d",
        String(repeating: "n", count: 128),
    ])
    func whatClientsSendIsAName(_ name: String) throws {
        #expect(try ModelName.checked(name) == name)
    }

    @Test(arguments: [
        "", " ", "a b", "-a", ".a", "/a", ":a", "a/", "a//b", "../a", "a/../b", "a/./b", "a/.hidden", "a\\b", "a\n",
        "ä",
        "a\u{0}", "a:", "\u{212A}", "a%2f", "file:///etc/passwd", String(repeating: "n", count: 129),
    ])
    func whatIsNoNameIsRefused(_ name: String) {
        #expect(throws: CatalogError.self) { try ModelName.checked(name) }
    }

    @Test(arguments: [
        (
            [("general.basename", "Qwen3"), ("general.size_label", "0.6B"), ("general.file_type", "15")],
            "qwen3-0.6b-q4_k_m"
        ),
        (
            [("general.basename", "Llama-3.2"), ("general.size_label", "1B"), ("general.finetune", "Instruct")],
            "llama-3.2-1b-instruct-f32"
        ),
        ([("general.basename", "SmolLM2-135M"), ("general.size_label", "135M")], "smollm2-135m-f32"),
        ([("general.name", "My  Model (v2)!")], "my-model-v2-f32"),
        ([("general.name", "x-F32")], "x-f32"),
        ([("general.name", "模型")], "file-f32"),
        ([], "file-f32"),
        ([("general.name", String(repeating: "y", count: 300))], String(repeating: "y", count: 124) + "-f32"),
    ])
    func aNameIsMadeFromTheMetadata(_ metadata: [(String, String)], _ name: String) throws {
        var builder = TinyModel(.llama).builder()
        builder.remove("general.name")
        for (key, value) in metadata {
            builder.set(key, UInt32(value).map { .uint32($0) } ?? .string(value))
        }
        let folder = try TemporaryFolder()
        let path = try folder.write(builder.build(), as: "File.gguf")
        let derived = ModelName.derived(from: try GGUFFile(path: path), path: path)
        #expect(derived == name)
        #expect(try ModelName.checked(derived) == derived)
    }

    @Test func aPartsNumberIsNoPartOfTheName() throws {
        var builder = TinyModel(.llama).builder()
        builder.remove("general.name")
        let folder = try TemporaryFolder()
        let path = try folder.write(builder.build(), as: "Big-00001-of-00009.gguf")
        #expect(ModelName.derived(from: try GGUFFile(path: path), path: path) == "big-f32")
    }

    @Test func theQuantisationComesFromTheTensorsWhereTheFileDoesNotSay() throws {
        var builder = TinyModel(.llama, weights: .q8_0).builder()
        builder.remove("general.file_type")
        let folder = try TemporaryFolder()
        let path = try folder.write(builder.build(), as: "x.gguf")
        #expect(Quantization.label(of: try GGUFFile(path: path)) == "Q8_0")
        builder.set("general.file_type", .uint32(15))
        try folder.write(builder.build(), as: "x.gguf")
        #expect(Quantization.label(of: try GGUFFile(path: path)) == "Q4_K_M")
        builder.set("general.file_type", .uint32(9999))
        try folder.write(builder.build(), as: "x.gguf")
        #expect(Quantization.label(of: try GGUFFile(path: path)) == "Q8_0")
    }
}
