import Testing

@testable import Tokenization

@Suite struct PreTokenizerTests {
    private func words(_ text: String, _ name: String) throws -> [String] {
        let preTokenizer = try PreTokenizer(named: name)
        var text = text
        return text.withUTF8 { bytes in
            var start = 0
            return preTokenizer.wordEnds(ClassifiedText(bytes)).map { end in
                defer { start = end }
                return String(decoding: bytes[start..<end], as: UTF8.self)
            }
        }
    }

    @Test(arguments: [
        ("gpt-2", ["I", "'m", " don", "'t", " 123", " \t", "\n", "x", "!?", " é"]),
        ("gpt-2", ["'", "S", "  ", " a", "   "]),
        ("smollm", ["a", " ", "1", "2", " b"]),
        ("falcon", ["a", "+=", " b", "123", "45", " ", "(", "x", ")."]),
        ("llama-bpe", ["I", "'M", " don", "'t", " ", "123", "4", " \n", "x", "!?\n\n", "(é", ")", "  "]),
        ("llama-bpe", ["'ſ", "a", "\u{0}b", "\u{0}\u{1}\r"]),
        ("qwen2", ["a", " ", "1", "2", "\t\t", " b", " \r\n", "e", "\u{301}x"]),
        ("qwen35", ["e\u{301}x", " \u{301}", "!"]),
        ("minicpm5", ["a", "  ", "123", "4"]),
        ("gpt-4o", ["camel", "Case", " HTTPServer's", "//", " ", "123", "4"]),
        ("gpt-4o", ["ª", "AA", " Éé"]),
        ("tekken", ["camel", "Case", "'s", " ", "1", "2"]),
        ("deepseek-llm", ["a", "\r", "\n", " b", " !?", "界界", "12", "  "]),
        ("deepseek-coder", ["a", "\n", " b", " !", "1", "2"]),
        ("deepseek-v3", ["a", ".bc", "123", "4", "界", " !?\n", "  ", " x"]),
        ("default", ["a", "!", " b", " ", "123", "4"]),
    ]) func wordsAreCut(name: String, expected: [String]) throws {
        #expect(try words(expected.joined(), name) == expected)
    }

    /// Whatever the text, the words put together are the text, and none is empty or ends within a character.
    @Test(arguments: [
        "default", "gpt-2", "starcoder", "falcon", "llama-bpe", "qwen2", "qwen35", "minicpm5", "gpt-4o",
        "tekken", "deepseek-llm", "deepseek-coder", "deepseek-v3",
    ])
    func wordsTileAnyText(name: String) throws {
        var random = SplitMix(seed: 5)
        let common = Array(" \n\r\t'sSdDaAzZ019.,!$_é界\u{301}\u{3000}ſªǅ·\u{0}\u{AD}😀".unicodeScalars)
        for _ in 0..<2000 {
            var text = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0...20, using: &random) {
                if Int.random(in: 0..<4, using: &random) > 0, let scalar = common.randomElement(using: &random) {
                    text.append(scalar)
                } else if let scalar = Unicode.Scalar(UInt32.random(in: 0..<0x110000, using: &random)) {
                    text.append(scalar)
                }
            }
            let words = try words(String(text), name)
            #expect(words.joined().unicodeScalars.elementsEqual(text))
            #expect(words.allSatisfy { !$0.isEmpty && !$0.unicodeScalars.contains("\u{FFFD}") })
        }
    }

    @Test func scalarsHaveTheClassesOfTheirUnicodeVersion() {
        #expect(ScalarRuns.unicodeVersion == "15.1.0")
        let table = ScalarClassTable.shared
        let expected: [(UInt32, ScalarClass)] = [
            (0x00, []), (0x20, .whiteSpace), (0x41, [.letter, .upper]), (0x61, [.letter, .lower]), (0xAA, .letter),
            (0x1C5, [.letter, .upper]), (0x30, .number), (0xB2, .number), (0x301, .mark), (0x21, .punctuation),
            (0x24, .symbol), (0x85, .whiteSpace), (0x3000, .whiteSpace), (0x200B, []), (0x4E00, .letter),
            (0x9FFF, .letter), (0x2EBF0, .letter), (0x2EE5D, .letter), (0x2EE5E, []), (0x1F600, .symbol),
            (0xE0100, .mark), (0x10FFFF, []),
        ]
        for (scalar, classes) in expected {
            #expect(table[scalar] == classes, "U+\(String(scalar, radix: 16))")
        }
    }

    @Test func casedLettersAreSearchedRight() {
        for range in CasedRanges.all {
            #expect(CasedRanges.contain(range.lowerBound) && CasedRanges.contain(range.upperBound))
        }
        for scalar: UInt32 in [0x40, 0x5B, 0x60, 0x7B, 0xAA, 0xB4, 0xB6, 0xD7, 0xF7, 0x1BB, 0x294, 0x10D0, 0x10FFFF] {
            #expect(!CasedRanges.contain(scalar))
        }
        #expect(zip(CasedRanges.all, CasedRanges.all.dropFirst()).allSatisfy { $0.upperBound < $1.lowerBound })
    }
}
