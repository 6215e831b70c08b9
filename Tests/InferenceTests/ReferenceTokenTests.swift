import Foundation
import Testing
import TestModels
import Tokenization

/// Agreement with llama.cpp on random text; see `Tests/TokenizationTests/reference/expected_tokens.py`.
@Suite struct ReferenceTokenTests {
    private struct Expected: Decodable {
        let text: String
        /// Not given by a reference that was asked for plain text only.
        let parsed: [Token]?
        let plain: [Token]
    }

    /// Where `expected_tokens.py --out` has written its files.
    static let folder = ProcessInfo.processInfo.environment["CONIFER_EXPECTED_TOKENS"]

    static let files = folder.map { folder in
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.hasSuffix(".jsonl") }.sorted()
    }

    @Test(.enabled(if: folder != nil && SharedData.isPresent), arguments: files ?? [])
    func randomTextHasTheReferenceTokens(file: String) throws {
        let name = String(file.dropLast(".jsonl".count))
        let tokenizer = try VocabularyFiles.tokenizer(name)
        let lines = try Data(contentsOf: URL(fileURLWithPath: "\(try #require(Self.folder))/\(file)")).split(separator: 10)
        try #require(!lines.isEmpty)
        var mismatches = 0
        for line in lines {
            let expected = try JSONDecoder().decode(Expected.self, from: line)
            let parsed = tokenizer.encode(expected.text, specialTokens: .parsed, addBoundaryTokens: false)
            let plain = tokenizer.encode(expected.text, specialTokens: .plainText, addBoundaryTokens: false)
            guard parsed != expected.parsed ?? parsed || plain != expected.plain else { continue }
            mismatches += 1
            guard mismatches <= 5 else { continue }
            let (ours, theirs) = plain == expected.plain ? (parsed, expected.parsed ?? []) : (plain, expected.plain)
            let same = zip(ours, theirs).prefix { $0 == $1 }.count
            func pieces(_ tokens: [Token]) -> String {
                tokens.dropFirst(same).prefix(8).map { tokenizer.piece(of: $0) }.joined(separator: "|")
            }
            print("\(name): after \(same) tokens of \(expected.text.debugDescription)\n  we \(pieces(ours))\n  they \(pieces(theirs))")
        }
        print("\(name): \(lines.count) texts, \(mismatches) with other tokens")
        #expect(mismatches == 0)
    }
}
