import Testing

@testable import Tokenization

@Suite struct SpecialTokenTests {
    private func tokenizer() throws -> Tokenizer {
        try Tokenizer(
            SmallVocabularies.bytePair(
                ["a b"],
                specials: [
                    ("<|im|>", .control), ("<|im|><|x|>", .control), ("<think>", .userDefined), ("<|unk|>", .unknown),
                    ("bc", .userDefined), ("  ", .userDefined), ("    ", .userDefined), ("é", .userDefined),
                ]))
    }

    @Test func theyAreRecognisedWhereTheyMayBe() throws {
        let text = "ab<|im|>ab"
        #expect(try tokenizer().pieces(text, .parsed) == ["ab", "<|im|>", "ab"])
        #expect(try tokenizer().pieces(text, .plainText) == ["ab", "<", "|", "i", "m", "|", ">", "ab"])
        #expect(try tokenizer().pieces("<|unk|>", .plainText).count == 7)
        #expect(try tokenizer().pieces(text, .parsedIn([2..<8])) == ["ab", "<|im|>", "ab"])
        #expect(try tokenizer().pieces(text, .parsedIn([0..<100])) == ["ab", "<|im|>", "ab"])
    }

    @Test func atARangesEdgeTheyMustLieWhollyInIt() throws {
        let text = "ab<|im|>ab"
        let plain = try tokenizer().pieces(text, .plainText)
        for ranges in [[2..<7], [3..<8], [2..<5, 5..<8], [0..<2, 8..<10], []] {
            #expect(try tokenizer().pieces(text, .parsedIn(ranges)) == plain, "\(ranges)")
        }
        for ranges in [[4..<5, 2..<8], [0..<3, 1..<9, 2..<4], [-5..<50]] {
            #expect(try tokenizer().pieces(text, .parsedIn(ranges)) == ["ab", "<|im|>", "ab"], "\(ranges)")
        }
        // The longer one does not fit, the shorter does.
        #expect(try tokenizer().pieces("<|im|><|x|>", .parsedIn([0..<8])).first == "<|im|>")
        #expect(try tokenizer().pieces("<|im|><|x|>", .parsed) == ["<|im|><|x|>"])
    }

    @Test func userDefinedTokensAreRecognisedEverywhere() throws {
        for specialTokens in [SpecialTokens.parsed, .plainText, .parsedIn([])] {
            #expect(try tokenizer().pieces("ab<think>é", specialTokens) == ["ab", "<think>", "é"])
        }
    }

    @Test func theLeftmostCountsAndOfThoseTheLongest() throws {
        #expect(try tokenizer().pieces("abc") == ["a", "bc"])
        #expect(try tokenizer().pieces("       ") == ["    ", "  ", "Ġ"])
    }

    @Test func textBetweenThemIsOneRunWhateverTheRanges() throws {
        // GPT-2 cuts ` 12` as one word; a cut at the range's edge would leave ` 1` and `2`.
        let tokenizer = try Tokenizer(SmallVocabularies.bytePair(["1 2", "Ġ 12"]))
        #expect(tokenizer.pieces("a 12", .parsedIn([0..<3, 3..<4])) == ["a", "Ġ12"])
    }

    @Test func spellingsThatAreNoTextAreNeverFoundWithinCharacters() throws {
        var vocabulary = try SmallVocabularies.bytePair([])
        let pieces = (0..<256).map { vocabulary.pieces.bytes($0) }
        vocabulary.pieces = PieceTable(copying: pieces + [[0xA9], [0xC3], [], [0xF0, 0x9F]])
        vocabulary.kinds += [.userDefined, .userDefined, .userDefined, .control]
        let tokenizer = try Tokenizer(vocabulary)
        #expect(tokenizer.encode("é😀", specialTokens: .parsed, addBoundaryTokens: false).allSatisfy { $0 < 256 })
    }

    @Test func boundaryTokensStandOnceAroundAText() throws {
        var vocabulary = SmallVocabularies.sentencePiece(["▁a", "▁", "a"])
        vocabulary.addsEOS = true
        let tokenizer = try Tokenizer(vocabulary)
        #expect(tokenizer.pieces("a", addBoundaryTokens: true) == ["<s>", "▁a", "</s>"])
        #expect(tokenizer.pieces("", addBoundaryTokens: true) == ["<s>", "</s>"])
        #expect(tokenizer.pieces("<s>a</s>", addBoundaryTokens: true) == ["<s>", "▁a", "</s>"])
        #expect(tokenizer.pieces("a", addBoundaryTokens: false) == ["▁a"])
        vocabulary.addsBOS = false
        vocabulary.addsEOS = false
        #expect(try Tokenizer(vocabulary).pieces("a", addBoundaryTokens: true) == ["▁a"])
    }

    @Test func tokensThatEndAnAnswerAreKnownByTheirSpelling() throws {
        var vocabulary = try SmallVocabularies.bytePair(
            [], specials: [("<|im_end|>", .normal), ("</s>", .normal), ("<eos>", .control), ("<|end|>", .control)])
        vocabulary.eos = 65
        vocabulary.endOfGeneration = [66]
        let tokenizer = try Tokenizer(vocabulary)
        #expect(tokenizer.endOfGeneration == [65, 66, 256, 258, 259])
        // Marked as ordinary in the file, but no text may become it.
        #expect(tokenizer.isControl(256) && !tokenizer.isControl(257))
        #expect(tokenizer.pieces("<|im_end|>", .plainText).count == 10)
    }

    @Test func endOfAMessageDoesNotEndAnAnswerWhereCallsDo() throws {
        let tokenizer = try Tokenizer(
            SmallVocabularies.bytePair(
                [], specials: [("<|end|>", .control), ("<|call|>", .control), ("<|return|>", .control)]))
        #expect(tokenizer.endOfGeneration == [257, 258])
    }
}
