import Foundation
import TestModels
import Testing
import Tokenization

/// Agreement with llama.cpp and PyPI's tokenizers on random text; see `Tests/TokenizationTests/reference/`.
@Suite struct ReferenceTokenTests {
    /// One line of a file that `expected_tokens.py --out` has written; what the reference does not say is absent.
    private struct Expected: Decodable {
        let text: String
        let parsed: [Token]?
        let plain: [Token]?
    }

    /// Texts, and for each tokeniser the digests of their tokens, parsed and plain: what `--sample` has written.
    private struct Sample: Decodable {
        let texts: [String]
        let digests: [String: [String]]
    }

    static let folder = ProcessInfo.processInfo.environment["CONIFER_EXPECTED_TOKENS"]

    static let files = ((try? folder.map(FileManager.default.contentsOfDirectory)) ?? [])
        .filter { $0.hasSuffix(".jsonl") }.sorted()

    @Test(.enabled(if: folder != nil && SharedData.isPresent), arguments: files)
    func randomTextHasTheReferenceTokens(file: String) throws {
        let name = String(file.dropLast(".jsonl".count))
        let tokenizer = try VocabularyFiles.tokenizer(name)
        let folder = try #require(Self.folder)
        let lines = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(file)")).split(separator: 10)
        try #require(!lines.isEmpty)
        var mismatches = 0
        var compared = 0
        for line in lines {
            let expected = try JSONDecoder().decode(Expected.self, from: line)
            for (specialTokens, theirs) in [(SpecialTokens.parsed, expected.parsed), (.plainText, expected.plain)] {
                guard let theirs else { continue }
                compared += 1
                let ours = tokenizer.encode(expected.text, specialTokens: specialTokens, addBoundaryTokens: false)
                guard ours != theirs else { continue }
                mismatches += 1
                if mismatches <= 5 { Self.report(expected.text, ours, theirs, name, tokenizer) }
            }
        }
        print("\(name): \(lines.count) texts, \(compared) encodings compared, \(mismatches) differ")
        #expect(mismatches == 0)
    }

    @Test(.enabled(if: SharedData.isPresent)) func theStoredSampleHasTheReferenceTokens() throws {
        let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
        let file = URL(fileURLWithPath: root + "/Tests/TokenizationTests/reference/sample.json")
        let sample = try JSONDecoder().decode(Sample.self, from: Data(contentsOf: file))
        try #require(sample.texts.count >= 250 && sample.digests.count >= 16)
        for (name, digests) in sample.digests {
            let tokenizer = try VocabularyFiles.tokenizer(name)
            try #require(digests.count == sample.texts.count)
            for (text, expected) in zip(sample.texts, digests) where !expected.isEmpty {
                let parsed = tokenizer.encode(text, specialTokens: .parsed, addBoundaryTokens: false)
                let plain = tokenizer.encode(text, specialTokens: .plainText, addBoundaryTokens: false)
                #expect(Self.digest(parsed) + Self.digest(plain) == expected, "\(name): \(text.debugDescription)")
            }
        }
    }

    private static func report(
        _ text: String, _ ours: [Token], _ theirs: [Token], _ name: String, _ tokenizer: Tokenizer
    ) {
        let same = zip(ours, theirs).prefix { $0 == $1 }.count
        func pieces(_ tokens: [Token]) -> String {
            tokens.dropFirst(same).prefix(8).map { tokenizer.piece(of: $0) }.joined(separator: "|")
        }
        print("\(name): \(text.debugDescription), after \(same) tokens")
        print("  ours   \(pieces(ours))\n  theirs \(pieces(theirs))")
    }

    /// FNV-1a over the tokens as little-endian 32-bit numbers, in hexadecimal.
    private static func digest(_ tokens: [Token]) -> String {
        var value: UInt64 = 0xCBF2_9CE4_8422_2325
        for token in tokens {
            for shift in stride(from: 0, to: 32, by: 8) {
                value = (value ^ UInt64(UInt8(truncatingIfNeeded: token >> Token(shift)))) &* 0x100_0000_01B3
            }
        }
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
