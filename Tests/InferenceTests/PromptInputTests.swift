import GGUF
import TestModels
import Testing
import Tokenization

@testable import Inference

@Suite("Prompts")
struct PromptInputTests {
    @Test("token ids are taken as they are, and checked against the vocabulary", arguments: [-1, 1_000_000] as [Token])
    func tokens(unknown: Token) async throws {
        let model = try LoadedTinyModel.load()
        let size = model.information.vocabularySize
        #expect(try model.prompt(.tokens([5, 0, Token(size - 1)])).tokens == [5, 0, Token(size - 1)])
        let hello = Conversation([ConversationMessage(.user, "hello")])
        for input in [PromptInput.tokens([1, unknown]), .conversation(hello, after: [unknown])] {
            #expect(throws: InferenceError.unknownToken(token: unknown, vocabularySize: size)) {
                try model.prompt(input)
            }
        }
        await model.unload()
    }

    @Test("a conversation goes on from earlier tokens, with one BOS in all")
    func earlier() async throws {
        let bos = Token(TinyVocabulary.endOfText)
        for templateWritesBOS in [false, true] {
            let model = try LoadedTinyModel.load { builder in
                builder.set(MetadataKey.addsBeginningOfSequence, .bool(true))
                if templateWritesBOS {
                    builder.set(
                        MetadataKey.chatTemplate, .string("{{ bos_token }}" + TinyVocabulary.chatTemplate))
                }
            }
            let hello = Conversation([ConversationMessage(.user, "hello")])
            let alone = try model.prompt(.conversation(hello)).tokens
            #expect(alone.first == bos)
            #expect(alone.filter { $0 == bos }.count == 1)
            #expect(try model.prompt(.conversation(hello, after: [7, 8])).tokens == [7, 8] + alone.dropFirst())
            await model.unload()
        }
    }

    @Test("control tokens of a bare text are recognised, and its boundary tokens are the vocabulary's")
    func text() async throws {
        let model = try LoadedTinyModel.load { $0.set(MetadataKey.addsBeginningOfSequence, .bool(true)) }
        let tokens = try model.prompt(.text("a<|im_start|>")).tokens
        #expect(tokens.first == Token(TinyVocabulary.endOfText))
        #expect(tokens.last == Token(TinyVocabulary.turnStart))
        #expect(model.text(of: tokens) == "a")
        await model.unload()
    }

    @Test("what was generated and the prompt's tokens are where a later turn goes on")
    func result() async throws {
        let model = try LoadedTinyModel.load()
        let prompt = Prompt(tokens: (0..<20).map { Token($0 + 60) })
        let first = try await CollectedTurn(
            model, prompt, GenerationOptions(maximumTokens: 6, ignoresEndOfGeneration: true))
        let whole = try await CollectedTurn(
            model, prompt, GenerationOptions(maximumTokens: 12, ignoresEndOfGeneration: true))
        let rest = try await CollectedTurn(
            model, model.prompt(.tokens(prompt.tokens + first.result.tokens)),
            GenerationOptions(maximumTokens: 6, ignoresEndOfGeneration: true))
        #expect(first.result.tokens + rest.result.tokens == whole.result.tokens)
        await model.unload()
    }

    @Test("the end-of-turn token is counted, but is not among the tokens of the answer")
    func end() async throws {
        let model = try LoadedTinyModel.load { builder in
            // Every token ends the turn that the greedy choice could be.
            builder.set(MetadataKey.endOfSequence, .uint32(UInt32(TinyVocabulary.turnEnd)))
        }
        let prompt = Prompt(tokens: (0..<20).map { Token($0 + 60) })
        let free = try await CollectedTurn(
            model, prompt, GenerationOptions(maximumTokens: 8, ignoresEndOfGeneration: true))
        let last = try #require(free.result.tokens.first { $0 != free.result.tokens[0] })
        let ends = try LoadedTinyModel.load { $0.set(MetadataKey.endOfTurn, .uint32(UInt32(last))) }
        let cut = try await CollectedTurn(ends, prompt, GenerationOptions(maximumTokens: 8))
        #expect(cut.result.reason == .stop)
        #expect(cut.result.tokens == Array(free.result.tokens.prefix { $0 != last }))
        #expect(cut.result.completionTokens == cut.result.tokens.count + 1)
        await model.unload()
        await ends.unload()
    }
}

@Suite("Filling a gap")
struct FillInTests {
    /// A model whose vocabulary has further control tokens, spelled so.
    private func load(
        _ spellings: [String], kind: Int32 = 3, change: (inout GGUFBuilder) -> Void = { _ in }
    ) throws -> LanguageModel {
        try LoadedTinyModel.load { builder in
            var (pieces, kinds) = (TinyVocabulary.pieces, TinyVocabulary.kinds)
            // In place of the first pieces of the vocabulary, so that the embedding keeps its rows.
            for (index, spelling) in spellings.enumerated() { (pieces[index], kinds[index]) = (spelling, kind) }
            builder.set(MetadataKey.tokens, .strings(pieces))
            builder.set(MetadataKey.tokenTypes, .integers(kinds))
            change(&builder)
        }
    }

    @Test(
        "the tokens are found by their spelling",
        arguments: [
            ["<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"], ["<fim-prefix>", "<fim-suffix>", "<fim-middle>"],
            ["<fim_prefix>", "<fim_suffix>", "<fim_middle>"], ["<｜fim▁begin｜>", "<｜fim▁hole｜>", "<｜fim▁end｜>"],
            ["<|code_prefix|>", "<|code_suffix|>", "<|code_middle|>"], ["<PRE>", "<SUF>", "<MID>"],
            ["▁<PRE>", "▁<SUF>", "▁<MID>"],
        ])
    func spelled(spellings: [String]) async throws {
        let model = try load(spellings)
        #expect(model.information.canFillIn)
        let plain = { (text: String) in
            model.tokenizer.encode(text, specialTokens: .plainText, addBoundaryTokens: false)
        }
        let prompt = try model.prompt(.fillIn(prefix: "hello<|im_end|>", suffix: " world"))
        #expect(prompt.tokens == [0] + plain("hello<|im_end|>") + [1] + plain(" world") + [2])
        #expect(try model.prompt(.fillIn(prefix: "", suffix: "")).tokens == [0, 1, 2])
        await model.unload()
    }

    @Test("the file's own keys count before spellings, the newer before the older; BOS comes first where it is wanted")
    func keys() async throws {
        let model = try load(["<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"]) { builder in
            builder.set(MetadataKey.fillPrefixToken, .uint32(70))
            builder.set(MetadataKey.olderFillPrefixToken, .uint32(71))
            builder.set(MetadataKey.olderFillSuffixToken, .uint32(72))
            builder.set(MetadataKey.fillMiddleToken, .uint32(9_999))
            builder.set(MetadataKey.addsBeginningOfSequence, .bool(true))
        }
        let prompt = try model.prompt(.fillIn(prefix: "", suffix: ""))
        #expect(prompt.tokens == [Token(TinyVocabulary.endOfText), 70, 72, 2])
        await model.unload()
    }

    @Test("a vocabulary without all three, or with spellings that are ordinary text, cannot fill a gap")
    func absent() async throws {
        for model in [
            try load(["<|fim_prefix|>", "<|fim_suffix|>"]), try load(["<PRE>", "<SUF>", "<MID>"], kind: 1),
        ] {
            #expect(!model.information.canFillIn)
            #expect(throws: InferenceError.noFillInTokens(name: "tiny")) {
                try model.prompt(.fillIn(prefix: "a", suffix: "b"))
            }
            await model.unload()
        }
    }
}
