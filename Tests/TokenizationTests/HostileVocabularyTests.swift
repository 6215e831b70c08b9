import Testing

@testable import Tokenization

@Suite struct HostileVocabularyTests {
    private func message(_ vocabulary: Vocabulary) -> String {
        do throws(TokenizerError) {
            _ = try Tokenizer(vocabulary)
            return "no error"
        } catch {
            return error.description
        }
    }

    @Test func partsThatDoNotFitAreNamed() throws {
        var vocabulary = try SmallVocabularies.bytePair([])
        vocabulary.kinds = [.normal]
        #expect(message(vocabulary).hasPrefix("the vocabulary has 256 pieces but 1 token types"))
        vocabulary.kinds = []
        vocabulary.scores = [0, 0]
        #expect(message(vocabulary).hasPrefix("the vocabulary has 256 pieces but 2 scores"))
        vocabulary.scores = []
        for token in [Token(-1), 256, .max, .min] {
            vocabulary.eos = token
            #expect(message(vocabulary).hasPrefix("the EOS token is \(token), but"))
        }
        #expect(message(Vocabulary(model: .spm, pieces: PieceTable([]))).hasPrefix("the vocabulary has no pieces"))
        let long = String(repeating: "x", count: Limits.specialTokenBytes + 1)
        #expect(message(try SmallVocabularies.bytePair([], specials: [(long, .control)])).contains("1025 bytes"))
    }

    @Test func unknownPreTokenizersAreNamed() {
        #expect(throws: TokenizerError.self) { try PreTokenizer(named: "nonsense") }
        do throws(TokenizerError) { _ = try PreTokenizer(named: "nonsense") } catch {
            #expect(error.code == .unknownPreTokenizer && error.description.contains("'nonsense'"))
        }
    }

    @Test func oddMergesArePassedOver() throws {
        var vocabulary = try SmallVocabularies.bytePair(["a b"])
        let odd = ["", " ", "  ", "a", "ab", " b", "a ", "a  b", "x y", "nowhere b", "a nowhere", "ab ab", "a b c"]
        vocabulary.merges = PieceTable(odd + ["a b"])
        let tokenizer = try Tokenizer(vocabulary)
        #expect(tokenizer.pieces("abxy") == ["ab", "x", "y"])
    }

    @Test func ofEqualPiecesTheFirstCountsAndEmptyOnesNever() throws {
        let vocabulary = Vocabulary(
            model: .bpe(try PreTokenizer(named: "gpt-2")), pieces: PieceTable(["", "a", "a", "b", "", "ab", "ab"]),
            kinds: [.userDefined, .normal, .normal, .normal, .control, .normal, .normal],
            merges: PieceTable(["a b"]))
        let tokenizer = try Tokenizer(vocabulary)
        #expect(tokenizer.encode("a ab", specialTokens: .parsed, addBoundaryTokens: false) == [1, 5])
        #expect(tokenizer.decode([0, 1, 4, 5]) == "aab")
    }

    @Test func byteTokensWithOddSpellingsStandForNothing() throws {
        let names = ["<0x>", "<0xZZ>", "<0x+1>", "<0x0A", "0x0A", "<0X0a>", "<0x0A>"]
        let vocabulary = Vocabulary(
            model: .spm, pieces: PieceTable(names), kinds: [TokenKind](repeating: .byte, count: names.count))
        let tokenizer = try Tokenizer(vocabulary)
        #expect(tokenizer.bytes(of: 1) == [] && tokenizer.bytes(of: 3) == [] && tokenizer.bytes(of: 2) == [])
        #expect(tokenizer.encode("\n", specialTokens: .parsed, addBoundaryTokens: false) == [5])
    }

    /// Random vocabularies of random bytes: any error is fine, a crash is not, and what is encoded decodes.
    @Test func randomVocabulariesNeverCrash() throws {
        var random = SplitMix(seed: 11)
        func bytes(_ alphabet: [UInt8]) -> [UInt8] {
            (0..<Int.random(in: 0...6, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? 0 }
        }
        let alphabet: [UInt8] = [0x20, 0x61, 0x62, 0x3C, 0x7C, 0xC4, 0xA0, 0xE2, 0x96, 0x81, 0xFF, 0x00]
        let texts = ["", "a b", "<|a|>", "ab ab  ab", "▁Ġa\u{0}b\n", "é世界😀", String(repeating: "ab", count: 60)]
        var made = 0
        for round in 0..<3000 {
            let count = Int.random(in: 0...40, using: &random)
            let pieces = (0..<count).map { _ in bytes(alphabet) }
            let isBytePair = Bool.random(using: &random)
            var vocabulary = Vocabulary(
                model: isBytePair ? .bpe(try PreTokenizer(named: round % 2 == 0 ? "llama-bpe" : "default")) : .spm,
                pieces: PieceTable(copying: pieces),
                kinds: (0..<count).map { _ in TokenKind.allCases.randomElement(using: &random) ?? .normal },
                scores: (0..<count).map { _ in Float(bitPattern: random.next32()) },
                merges: PieceTable(copying: (0..<count).map { _ in bytes(alphabet) }))
            vocabulary.addsSpacePrefix = Bool.random(using: &random)
            vocabulary.keepsSpaceAfter = Bool.random(using: &random) ? [] : nil
            vocabulary.bos = Bool.random(using: &random) ? Token.random(in: -1...40, using: &random) : nil
            guard let tokenizer = try? Tokenizer(vocabulary) else { continue }
            made += 1
            for text in texts {
                let tokens = tokenizer.encode(text, specialTokens: .parsedIn([0..<4]), addBoundaryTokens: true)
                #expect(tokens.allSatisfy { $0 >= 0 && $0 < count })
                _ = tokenizer.decode(tokens, includingControl: true)
            }
        }
        #expect(made > 1000)
    }
}

extension SplitMix {
    mutating func next32() -> UInt32 {
        UInt32(truncatingIfNeeded: next())
    }
}
