import GGUF
import TestModels
import Testing

@Suite struct OpeningTests {
    @Test func aMissingFileIsNamed() throws {
        let error = #expect(throws: GGUFError.self) { try GGUFFile(path: "/nowhere/x.gguf") }
        #expect(error?.code == .missing)
        #expect(error?.description.hasPrefix("x.gguf: file: cannot be opened") == true)
    }

    @Test(.enabled(if: SharedData.isPresent), arguments: SharedData.files(in: "data/vocab", suffix: ".gguf"))
    func aRealVocabularyOpens(_ name: String) throws {
        let path = try #require(SharedData.path("data/vocab/\(name)"))
        let file = try GGUFFile(path: path)
        let tokens = try #require(file.metadata.strings(MetadataKey.tokens))
        #expect(tokens.count > 20_000)
        #expect(file.metadata.integers(MetadataKey.tokenTypes)?.count == tokens.count)
    }
}
