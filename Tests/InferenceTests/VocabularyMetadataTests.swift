import GGUF
import Inference
import TestModels
import Testing
import Tokenization

/// What becomes of a vocabulary's metadata, whole and broken.
@Suite struct VocabularyMetadataTests {
    private func vocabulary(_ builder: GGUFBuilder) throws -> Vocabulary {
        let bytes = builder.build()
        return try bytes.withUnsafeBytes { bytes in
            // The vocabulary would point into `bytes`, so the file owns a copy of its own.
            let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 64)
            copy.copyMemory(from: bytes)
            return try Vocabulary(GGUFFile(bytes: UnsafeRawBufferPointer(copy), name: "test").metadata)
        }
    }

    private func bytePair() -> GGUFBuilder {
        var builder = GGUFBuilder()
        builder.set("tokenizer.ggml.model", .string("gpt2"))
        builder.set("tokenizer.ggml.pre", .string("qwen2"))
        builder.set("tokenizer.ggml.tokens", .strings(TinyVocabulary.pieces))
        builder.set("tokenizer.ggml.token_type", .integers(TinyVocabulary.kinds))
        builder.set("tokenizer.ggml.merges", .strings(TinyVocabulary.merges))
        builder.set("tokenizer.ggml.eos_token_id", .uint32(UInt32(TinyVocabulary.turnEnd)))
        return builder
    }

    private func sentencePiece() -> GGUFBuilder {
        var builder = GGUFBuilder()
        builder.set("tokenizer.ggml.model", .string("llama"))
        builder.set("tokenizer.ggml.tokens", .strings(["<unk>", "<s>", "</s>", "a", "▁a"]))
        builder.set("tokenizer.ggml.token_type", .integers([2, 3, 3, 1, 1]))
        builder.set("tokenizer.ggml.scores", .floats([0, 0, 0, -2, -1]))
        return builder
    }

    @Test func bytePairVocabulariesAreRead() throws {
        let tokenizer = try Tokenizer(vocabulary(bytePair()))
        let text = "<|im_start|>user\nhello world<|im_end|>"
        let tokens = tokenizer.encode(text, specialTokens: .parsed, addBoundaryTokens: true)
        #expect(tokens.count == 6)
        #expect(tokenizer.decode(tokens, includingControl: true) == text)
        #expect(tokenizer.isEndOfGeneration(Token(TinyVocabulary.turnEnd)))
    }

    @Test func sentencePieceVocabulariesHaveTheirUsualDefaults() throws {
        var builder = sentencePiece()
        let usual = try vocabulary(builder)
        #expect(usual.unknown == 0 && usual.bos == 1 && usual.eos == 2 && usual.addsBOS && usual.addsSpacePrefix)
        #expect(usual.keepsSpaceAfter == nil)
        builder.set("tokenizer.ggml.add_bos_token", .bool(false))
        builder.set("tokenizer.ggml.add_eos_token", .bool(true))
        builder.set("tokenizer.ggml.add_space_prefix", .bool(false))
        builder.set("general.name", .string("Phi-3 mini"))
        let told = try vocabulary(builder)
        #expect(!told.addsBOS && told.addsEOS && !told.addsSpacePrefix)
        #expect(told.keepsSpaceAfter == ["<unk>", "<s>", "<|endoftext|>"])
    }

    @Test func numbersOutsideTheVocabularyNameNoToken() throws {
        var builder = bytePair()
        builder.set("tokenizer.ggml.bos_token_id", .uint32(.max))
        builder.set("tokenizer.ggml.padding_token_id", .int32(-1))
        builder.set("tokenizer.ggml.unknown_token_id", .uint64(1 << 40))
        let vocabulary = try vocabulary(builder)
        #expect(vocabulary.bos == nil && vocabulary.padding == nil && vocabulary.unknown == nil)
    }

    @Test(arguments: [
        ("tokenizer.ggml.tokens", GGUFBuilder.Value.string("a"), "'tokenizer.ggml.tokens' is not an array of strings"),
        ("tokenizer.ggml.merges", .integers([1]), "'tokenizer.ggml.merges' is not an array of strings"),
        ("tokenizer.ggml.token_type", .integers([1]), "'tokenizer.ggml.token_type' has 1 entries for"),
        ("tokenizer.ggml.token_type", .floats([1]), "'tokenizer.ggml.token_type' is not an array of whole numbers"),
        ("tokenizer.ggml.model", .string("bert"), "the kind 'bert'"),
        ("tokenizer.ggml.model", .uint8(1), "the kind that has no name"),
        ("tokenizer.ggml.pre", .string("odd"), "the pre-tokeniser 'odd'"),
    ]) func whatIsWrongIsNamed(key: String, value: GGUFBuilder.Value, message: String) throws {
        var builder = bytePair()
        builder.set(key, value)
        let error = try #require(throws: TokenizerError.self) { try vocabulary(builder) }
        #expect(error.description.contains(message), "\(error)")
    }

    @Test func scoresMustFit() throws {
        var builder = sentencePiece()
        builder.set("tokenizer.ggml.scores", .floats([0]))
        let few = try #require(throws: TokenizerError.self) { try vocabulary(builder) }
        #expect(few.description.contains("'tokenizer.ggml.scores' has 1 entries for 5 tokens"))
        builder.set("tokenizer.ggml.scores", .strings(["x"]))
        #expect(throws: TokenizerError.self) { try vocabulary(builder) }
        builder.set("tokenizer.ggml.scores", .integers([0, 0, 0, -2, -1]))
        #expect(try vocabulary(builder).scores == [0, 0, 0, -2, -1])
    }
}
