import Testing

@testable import Tokenization

@Suite struct BytePairTests {
    @Test func mergesHappenInTheOrderOfTheirRanks() throws {
        let tokenizer = try Tokenizer(SmallVocabularies.bytePair(["b c", "a b", "a bc", "Ġ a"]))
        #expect(tokenizer.pieces("abc") == ["abc"])
        #expect(tokenizer.pieces("ab") == ["ab"])
        #expect(tokenizer.pieces(" abc") == ["Ġ", "abc"])
        #expect(tokenizer.pieces(" ab") == ["Ġ", "ab"])
    }

    /// The table of merges is made when it is first needed, by one thread while the others wait.
    @Test func threadsThatEncodeAtOnceAllSeeTheMerges() async throws {
        let tokenizer = try Tokenizer(SmallVocabularies.bytePair(["b c", "a b", "a bc", "Ġ a"]))
        let found = await withTaskGroup { group in
            for _ in 0..<16 { group.addTask { tokenizer.pieces("abc ab abc") } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(found == Array(repeating: ["abc", "Ġ", "ab", "Ġ", "abc"], count: 16))
    }

    @Test func ofEquallyGoodPairsTheLeftmostJoins() throws {
        let tokenizer = try Tokenizer(SmallVocabularies.bytePair(["a a"]))
        #expect(tokenizer.pieces("aaaaa") == ["aa", "aa", "a"])
        let long = tokenizer.pieces(String(repeating: "a", count: 101))
        #expect(long == [String](repeating: "aa", count: 50) + ["a"])
    }

    @Test func ofEqualMergesTheFirstCounts() throws {
        let tokenizer = try Tokenizer(SmallVocabularies.bytePair(["b c", "a b", "b c"]))
        #expect(tokenizer.pieces("abc") == ["a", "bc"])
    }

    /// Short and long words are merged by different code: both must do what the plain definition says.
    @Test func shortAndLongWordsMergeAsDefined() throws {
        var random = SplitMix(seed: 7)
        for _ in 0..<40 {
            var merges: [String] = []
            var pieces = ["a", "b", "c"]
            for _ in 0..<12 {
                guard let left = pieces.randomElement(using: &random), let right = pieces.randomElement(using: &random)
                else { continue }
                merges.append("\(left) \(right)")
                pieces.append(left + right)
            }
            let tokenizer = try Tokenizer(SmallVocabularies.bytePair(merges))
            for length in [1, 2, 7, Limits.shortWord, Limits.shortWord + 1, 200] {
                let word = String((0..<length).map { _ in "abc".randomElement(using: &random) ?? "a" })
                #expect(tokenizer.pieces(word) == Self.mergedByDefinition(word, merges), "\(word) by \(merges)")
            }
        }
    }

    @Test func aWordOfAHundredThousandLettersIsOneRunOfMerges() throws {
        let tokenizer = try Tokenizer(SmallVocabularies.bytePair(["a a", "aa aa", "aaaa aaaa"]))
        let tokens = tokenizer.pieces(String(repeating: "a", count: 100_000))
        #expect(tokens == [String](repeating: "aaaaaaaa", count: 12_500))
    }

    @Test func wholeWordsAreTakenAsTheyAreWhereTheFamilyDoesSo() throws {
        // `abc` is a piece that no merge makes.
        func vocabulary(_ pre: String) throws -> Vocabulary {
            try SmallVocabularies.bytePair(["a b"], specials: [("abc", .normal)], pre: pre)
        }
        #expect(try Tokenizer(vocabulary("llama-bpe")).pieces("abc") == ["abc"])
        #expect(try Tokenizer(vocabulary("gpt-2")).pieces("abc") == ["ab", "c"])
    }

    @Test func bytesThatTheVocabularyLacksAreLeftOut() throws {
        let vocabulary = Vocabulary(
            model: .bpe(try PreTokenizer(named: "gpt-2")), pieces: PieceTable(["a", "b", "ab"]),
            merges: PieceTable(["a b"]))
        let tokenizer = try Tokenizer(vocabulary)
        #expect(tokenizer.encode("abxé ab", specialTokens: .parsed, addBoundaryTokens: false) == [2, 2])
    }

    @Test func textNeverMergesIntoAControlToken() throws {
        var vocabulary = try SmallVocabularies.bytePair(
            ["< |", "<| >"], specials: [("zz", .control)], pre: "llama-bpe")
        vocabulary.kinds[257] = .control
        let tokenizer = try Tokenizer(vocabulary)
        #expect(tokenizer.piece(of: 257) == "<|>")
        #expect(tokenizer.pieces("<|>", .plainText) == ["<|", ">"])
        #expect(tokenizer.pieces("zz", .plainText) == ["z", "z"])
        #expect(tokenizer.pieces("<|>zz") == ["<|>", "zz"])
    }

    static func mergedByDefinition(_ word: String, _ merges: [String]) -> [String] {
        var symbols = word.map { String($0) }
        while true {
            var best: (rank: Int, place: Int)?
            for place in symbols.indices.dropLast() {
                guard let rank = merges.firstIndex(of: "\(symbols[place]) \(symbols[place + 1])") else { continue }
                if rank < best?.rank ?? .max { best = (rank, place) }
            }
            guard let best else { return symbols }
            symbols[best.place] += symbols.remove(at: best.place + 1)
        }
    }
}

/// A generator whose numbers are the same everywhere.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
