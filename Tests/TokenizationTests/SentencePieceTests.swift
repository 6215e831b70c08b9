import Testing

@testable import Tokenization

@Suite struct SentencePieceTests {
    let small = SmallVocabularies.sentencePiece(["▁a", "ab", "▁", "a", "b", "c", "▁ab", "cc"])

    @Test func thePairWithTheBestScoreJoinsFirst() throws {
        let tokenizer = try Tokenizer(small)
        // `▁a` (0) is before `ab` (-1); then `▁a` + `b` is `▁ab`.
        #expect(tokenizer.pieces("ab") == ["▁ab"])
        #expect(tokenizer.pieces("cab") == ["▁", "c", "ab"])
        #expect(tokenizer.pieces("ccc") == ["▁", "cc", "c"])
    }

    @Test func textThatFollowsNoTextGetsASpace() throws {
        var vocabulary = small
        #expect(try Tokenizer(vocabulary).pieces("a<s>a</s><s>b") == ["▁a", "<s>", "▁a", "</s>", "<s>", "▁", "b"])
        #expect(try Tokenizer(vocabulary).pieces(" a") == ["▁", "▁a"])
        vocabulary.addsSpacePrefix = false
        #expect(try Tokenizer(vocabulary).pieces("a<s>a") == ["a", "<s>", "a"])
        #expect(try Tokenizer(vocabulary).pieces("") == [])
    }

    @Test func whatNoPieceHasBecomesBytes() throws {
        let tokenizer = try Tokenizer(small)
        #expect(tokenizer.pieces("a é\n") == ["▁a", "▁", "<0xC3>", "<0xA9>", "<0x0A>"])
        var vocabulary = Vocabulary(model: .spm, pieces: PieceTable(["?", "a"]), scores: [0, 0])
        #expect(try Tokenizer(vocabulary).pieces("aé") == ["a"])
        vocabulary.unknown = 0
        #expect(try Tokenizer(vocabulary).pieces("aé") == ["a", "?", "?"])
    }

    @Test func extraWhiteSpaceIsRemovedWhereTheVocabularySaysSo() throws {
        var vocabulary = small
        vocabulary.removesExtraWhitespace = true
        #expect(try Tokenizer(vocabulary).pieces("  a   b  ") == ["▁a", "▁", "b"])
        #expect(try Tokenizer(small).pieces("a  b") == ["▁a", "▁", "▁", "b"])
    }

    @Test func spaceAfterSpecialTokensBelongsToThemWhereTheVocabularySaysSo() throws {
        var vocabulary = SmallVocabularies.sentencePiece(["▁a", "▁", "a"], specials: [("<|end|>", .control)])
        vocabulary.keepsSpaceAfter = ["<s>"]
        let tokenizer = try Tokenizer(vocabulary)
        #expect(tokenizer.pieces("<|end|> \n\t a") == ["<|end|>", "▁a"])
        #expect(tokenizer.pieces("<|end|> \n<s> a") == ["<|end|>", "<s>", "▁", "▁a"])
        #expect(tokenizer.pieces("<|end|>  ") == ["<|end|>"])
    }

    @Test func textNeverMergesIntoControlOrByteTokens() throws {
        let tokenizer = try Tokenizer(
            SmallVocabularies.sentencePiece(["<", "s", ">", "s>", "<s", "<0x0", "A", "A>", "0", "x", "▁"]))
        #expect(!tokenizer.pieces("<s>", .plainText).contains("<s>"))
        #expect(!tokenizer.pieces("<0x0A>", .plainText).contains("<0x0A>"))
        #expect(tokenizer.decode(tokenizer.encode("<s>", specialTokens: .plainText, addBoundaryTokens: false)) == "<s>")
    }

    @Test func scoresThatAreNoNumbersComeLast() throws {
        var vocabulary = small
        vocabulary.scores[259] = .nan
        // `▁a` has no score now, so `ab` joins first.
        #expect(try Tokenizer(vocabulary).pieces("ab") == ["▁ab"])
        #expect(try Tokenizer(vocabulary).pieces("acab") == ["▁a", "c", "ab"])
        vocabulary.scores[260] = -.infinity
        vocabulary.scores[259] = .infinity
        #expect(try Tokenizer(vocabulary).pieces("ab") == ["▁ab"])
    }

    /// Words are encoded one by one only where no piece reaches across two of them.
    @Test func piecesThatReachAcrossWordsAreFound() throws {
        #expect(try Tokenizer(small).pieces("a  ab") == ["▁a", "▁", "▁ab"])
        let across = SmallVocabularies.sentencePiece(["▁a", "▁b", "▁a▁b", "▁▁", "a", "b", "▁"])
        #expect(try Tokenizer(across).pieces("a b a  b") == ["▁a▁b", "▁a", "▁", "▁b"])
    }

    @Test func decodingTakesTheAddedSpaceAwayAgain() throws {
        let tokenizer = try Tokenizer(small)
        for text in ["a", " a", "a b", "é\n", "", "cc  b "] {
            let tokens = tokenizer.encode(text, specialTokens: .plainText, addBoundaryTokens: true)
            #expect(tokenizer.decode(tokens) == text)
        }
    }
}
