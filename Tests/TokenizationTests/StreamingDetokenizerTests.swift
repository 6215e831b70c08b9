import Testing

@testable import Tokenization

@Suite struct StreamingDetokenizerTests {
    private let bytes: Tokenizer

    init() throws {
        bytes = try Tokenizer(SmallVocabularies.bytePair([], specials: [("<|im|>", .control), ("<t>", .userDefined)]))
    }

    @Test func charactersComeOutWhole() {
        var detokenizer = StreamingDetokenizer(bytes)
        let pieces = Array("aé😀".utf8).map { detokenizer.append(Token($0)) }
        #expect(pieces == ["a", "", "é", "", "", "", "😀"])
        #expect(detokenizer.finish() == "")
    }

    @Test func whatIsNeverCompletedBecomesAReplacementCharacter() {
        var detokenizer = StreamingDetokenizer(bytes)
        #expect(detokenizer.append(0xE2) + detokenizer.append(0x82) == "")
        #expect(detokenizer.append(0x41) == "\u{FFFD}A")
        #expect(detokenizer.append(0xF0) == "")
        #expect(detokenizer.finish() == "\u{FFFD}")
        #expect(detokenizer.finish() == "")
    }

    @Test func controlTokensAreSilentUnlessAskedFor() {
        #expect(bytes.decode([65, 256, 257, 66]) == "A<t>B")
        #expect(bytes.decode([65, 256, 257, 66], includingControl: true) == "A<|im|><t>B")
        #expect(bytes.decode([-1, 9_999, Token.max, Token.min]) == "")
    }

    /// Whatever the bytes, the pieces together are what decoding them at once gives, and nothing waits that cannot
    /// become a character any more.
    @Test func anyBytesComeOutAsDecodedAtOnce() {
        var random = SplitMix(seed: 3)
        let leads: [UInt8] = [
            0x41, 0x80, 0xBF, 0xC0, 0xC2, 0xDF, 0xE0, 0xA0, 0x9F, 0xED, 0xEF, 0xF0, 0x90, 0xF4, 0xF5, 0xFF,
        ]
        for _ in 0..<20_000 {
            let sequence = (0..<Int.random(in: 0...8, using: &random)).map { _ in
                Bool.random(using: &random)
                    ? leads[Int.random(in: 0..<leads.count, using: &random)] : UInt8.random(in: 0...255, using: &random)
            }
            var detokenizer = StreamingDetokenizer(bytes)
            var text = ""
            for (count, byte) in sequence.enumerated() {
                text += detokenizer.append(Token(byte))
                let whole = String(decoding: sequence[...count], as: UTF8.self)
                #expect(whole.unicodeScalars.starts(with: text.unicodeScalars))
                #expect(whole.unicodeScalars.count - text.unicodeScalars.count <= 1)
            }
            text += detokenizer.finish()
            #expect(Array(text.utf8) == Array(String(decoding: sequence, as: UTF8.self).utf8), "\(sequence)")
        }
    }

    @Test func theAddedSpaceIsDroppedOnlyWhereTextBegins() throws {
        let tokenizer = try Tokenizer(SmallVocabularies.sentencePiece(["▁a", "▁", "a"]))
        var beginning = StreamingDetokenizer(tokenizer)
        #expect(beginning.append(1) == "")
        #expect(beginning.append(259) + beginning.append(259) == "a a")
        var continuing = StreamingDetokenizer(tokenizer, continuing: true)
        #expect(continuing.append(259) == " a")
    }

    @Test func pieceWithCharactersOutsideTheAlphabetStandsForItself() throws {
        let tokenizer = try Tokenizer(SmallVocabularies.bytePair([], specials: [("界", .normal), ("a b", .normal)]))
        #expect(tokenizer.decode([256, 257]) == "界a b")
    }
}
