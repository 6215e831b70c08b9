import TestModels
import Testing
import Tokenization

/// Tokenisers of real vocabularies, as read from GGUF files.
@Suite(.enabled(if: SharedData.isPresent)) struct VocabularyFileTests {
    @Test func allVocabulariesAreThere() {
        #expect(VocabularyFiles.names.count == 9)
    }

    @Test(arguments: VocabularyFiles.names) func publishedCasesHold(name: String) throws {
        let tokenizer = try VocabularyFiles.tokenizer(name)
        let cases = try VocabularyFiles.cases(name)
        #expect(cases.count >= 46)
        for (text, tokens) in cases {
            #expect(tokenizer.encode(text, specialTokens: .parsed, addBoundaryTokens: false) == tokens, "\(text)")
        }
    }

    /// Decoding gives back any text. Left out: bytes without a token (Falcon lacks some control characters, StarCoder the
    /// first byte of planes 4 to 7), and U+2581, which SentencePiece cannot tell from a space.
    @Test(arguments: VocabularyFiles.names) func anyTextComesBack(name: String) throws {
        let tokenizer = try VocabularyFiles.tokenizer(name)
        let known = Set(
            (Token(0)..<Token(tokenizer.count)).map { tokenizer.bytes(of: $0) }.filter { $0.count == 1 }.map { $0[0] })
        #expect(known.count > 200)
        var random = TestRandom(seed: 17)
        for _ in 0..<2000 {
            var text = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0...30, using: &random) {
                let range: Range<UInt32> =
                    switch Int.random(in: 0..<5, using: &random) {
                    case 0, 1: 0x20..<0x7F
                    case 2: 0..<0x3000
                    case 3: 0x3000..<0x20000
                    default: 0x100000..<0x110000
                    }
                let scalar = Unicode.Scalar(UInt32.random(in: range, using: &random))
                guard let scalar, scalar != "\u{2581}", String(scalar).utf8.allSatisfy(known.contains) else { continue }
                text.append(scalar)
            }
            let string = String(text)
            let tokens = tokenizer.encode(string, specialTokens: .plainText, addBoundaryTokens: true)
            #expect(tokenizer.decode(tokens).unicodeScalars.elementsEqual(text), "\(string.debugDescription)")
        }
    }

    /// No text of a user's becomes a control token, however it is spelled.
    @Test(arguments: VocabularyFiles.names) func plainTextNeverBecomesAControlToken(name: String) throws {
        let tokenizer = try VocabularyFiles.tokenizer(name)
        var checked = 0
        for token in Token(0)..<Token(tokenizer.count) {
            guard let kind = tokenizer.kind(of: token), kind == .control || kind == .unknown else { continue }
            let spelling = tokenizer.piece(of: token)
            for text in [spelling, "a\(spelling)b", " \(spelling)\(spelling) "] {
                let plain = tokenizer.encode(text, specialTokens: .plainText, addBoundaryTokens: false)
                #expect(!plain.contains(token), "\(text)")
                let parsed = tokenizer.encode(text, specialTokens: .parsed, addBoundaryTokens: false)
                #expect(parsed.contains(token), "\(text)")
            }
            checked += 1
        }
        #expect(checked > 0)
    }

    @Test func endingsAreThoseOfTheFamilies() throws {
        let expected: [String: Set<Token>] = [
            "deepseek-llm": [100001], "falcon": [11], "gpt-2": [50256], "llama-bpe": [128001, 128009], "llama-spm": [2],
            "phi-3": [2, 32000, 32007], "qwen2": [151643, 151645], "qwen35": [151643, 151645],
        ]
        for (name, tokens) in expected {
            #expect(try VocabularyFiles.tokenizer(name).endOfGeneration == tokens, "\(name)")
        }
    }

    @Test func boundaryTokensFollowTheFile() throws {
        let expected: [String: [Token]] = [
            "deepseek-llm": [100000], "falcon": [], "gpt-2": [], "llama-bpe": [128000], "llama-spm": [1], "phi-3": [1],
            "qwen2": [], "qwen35": [], "starcoder": [],
        ]
        for (name, tokens) in expected {
            let tokenizer = try VocabularyFiles.tokenizer(name)
            #expect(tokenizer.encode("", specialTokens: .parsed, addBoundaryTokens: true) == tokens, "\(name)")
        }
    }

    @Test(arguments: VocabularyFiles.names) func longTextsAndWordsAreEncodedWhole(name: String) throws {
        let tokenizer = try VocabularyFiles.tokenizer(name)
        for text in [String(repeating: "ab", count: 50_000), String(repeating: "Hello, 12 wörld\n", count: 65_536)] {
            let tokens = tokenizer.encode(text, specialTokens: .parsed, addBoundaryTokens: false)
            #expect(tokenizer.decode(tokens) == text)
        }
    }
}
