import TestModels
import Testing
import Tokenization

@testable import Inference

@Suite("The text of a turn and its tokens' scores")
struct TurnTextTests {
    private let tokenizer: Tokenizer

    init() throws {
        var vocabulary = Vocabulary(
            model: .bpe(try PreTokenizer(named: "qwen2")), pieces: PieceTable(TinyVocabulary.pieces),
            merges: PieceTable(TinyVocabulary.merges))
        vocabulary.kinds = TinyVocabulary.kinds.map { TokenKind(rawValue: UInt8($0)) ?? .normal }
        tokenizer = try Tokenizer(vocabulary)
    }

    /// What comes out at each token of the text (bytes are tokens of their own where no word is), and at the end: text,
    /// and the tokens' bytes.
    private func run(
        _ tokens: [Token], stops: [String] = [], reasoning: ReasoningParser? = nil
    ) -> [[String]] {
        var text = TurnText(
            tokenizer, continuesText: false, stopStrings: stops, reasoning: reasoning, includesReasoning: true)
        var rounds: [[GenerationEvent]] = tokens.map { token in
            text.append(
                token,
                score: TokenLogProbability(
                    token: token, bytes: tokenizer.bytes(of: token, includingControl: true), logProbability: -1))
        }
        rounds.append(text.finish())
        return rounds.map { events in
            events.flatMap { event -> [String] in
                switch event {
                case .text(let text, let scores):
                    ["'\(text)'"] + scores.map { String(decoding: $0.bytes, as: UTF8.self) }
                case .reasoning(let text): ["(\(text))"]
                default: []
                }
            }
        }
    }

    private func tokens(_ text: String) -> [Token] {
        tokenizer.encode(text, specialTokens: .parsed, addBoundaryTokens: false)
    }

    @Test("a token comes with its text")
    func plain() {
        #expect(run(tokens("ab")) == [["'a'", "a"], ["'b'", "b"], []])
    }

    @Test("the tokens of one character come together, when it is whole")
    func characters() {
        let bytes = "é".utf8.count
        let rounds = run(tokens("aéb"))
        #expect(rounds.count == 2 + bytes + 1)
        #expect(rounds[1] == [])
        #expect(rounds[2].first == "'é'")
        #expect(rounds[2].count == 1 + bytes)
        #expect(rounds[3] == ["'b'", "b"])
        // A character that is never completed comes at the end.
        let broken = run(Array(tokens("é").prefix(1)))
        #expect(broken.last?.first == "'\u{FFFD}'")
        #expect(broken.last?.count == 2)
    }

    @Test("tokens that a stop string holds back come with what releases them; those that it cuts never come")
    func stops() {
        #expect(run(tokens("axyb"), stops: ["xyz"]) == [["'a'", "a"], [], [], ["'xyb'", "x", "y", "b"], []])
        #expect(run(tokens("axyz"), stops: ["xyz"]) == [["'a'", "a"], [], [], [], []])
        #expect(run(tokens("ax"), stops: ["xyz"]) == [["'a'", "a"], [], ["'x'", "x"]])
    }

    @Test("tokens of the reasoning span and its tags do not come; those of the answer do")
    func reasoning() {
        let rounds = run(tokens("<think>q</think>\nab"), reasoning: ReasoningParser(startsInside: false))
        #expect(rounds.flatMap { $0 } == ["(q)", "'a'", "a", "'b'", "b"])
        let without = run(tokens("<tab"), reasoning: ReasoningParser(startsInside: false))
        #expect(without.flatMap { $0 } == ["'<ta'", "<", "t", "a", "'b'", "b"])
        let short = run(tokens("<t"), reasoning: ReasoningParser(startsInside: false))
        #expect(short.last == ["'<t'", "<", "t"])
    }

    @Test("a raw text goes on with the space of its first piece; a conversation's answer begins without it")
    func firstSpace() async throws {
        var vocabulary = Vocabulary(
            model: .spm, pieces: PieceTable(["<unk>", "<s>", "</s>", "▁a", "b"]),
            kinds: [.unknown, .control, .control, .normal, .normal], scores: [0, 0, 0, -1, -2])
        vocabulary.addsSpacePrefix = true
        let tokenizer = try Tokenizer(vocabulary)
        for (continues, expected) in [(true, " ab ab"), (false, "ab ab")] {
            var text = TurnText(
                tokenizer, continuesText: continues, stopStrings: [], reasoning: nil, includesReasoning: false)
            let events = [3, 4, 3, 4].flatMap { text.append($0) }
            #expect(events.map { if case .text(let text, _) = $0 { text } else { "" } }.joined() == expected)
        }
        let model = try LoadedTinyModel.load()
        let conversation = PromptInput.conversation(Conversation([ConversationMessage(.user, "hello")]))
        #expect(try !model.prompt(conversation).continuesText)
        #expect(try model.prompt(.text("hello")).continuesText)
        #expect(try model.prompt(.tokens([5])).continuesText)
        await model.unload()
    }

    @Test("control tokens have no text, and come with what is next or at the end")
    func control() {
        #expect(
            run(tokens("a<|im_start|>b<|im_start|>")) == [
                ["'a'", "a"], [], ["'b'", "<|im_start|>", "b"], [], ["''", "<|im_start|>"],
            ])
    }
}
