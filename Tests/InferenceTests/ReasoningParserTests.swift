import Testing

@testable import Inference

@Suite("Reasoning spans")
struct ReasoningParserTests {
    /// Feeds a text in pieces of a given length; returns reasoning and answer.
    private func run(_ text: String, pieceLength: Int, startsInside: Bool = false) -> [String] {
        var parser = ReasoningParser(startsInside: startsInside)
        var sides = ["", ""]
        var rest = Substring(text)
        var pieces: [ReasoningParser.Piece] = []
        while !rest.isEmpty {
            pieces += parser.append(String(rest.prefix(pieceLength)))
            rest = rest.dropFirst(pieceLength)
        }
        for piece in pieces + parser.finish() {
            sides[piece.isReasoning ? 0 : 1] += piece.text
        }
        return sides
    }

    @Test("the span and the answer are told apart, however the text is cut", arguments: 1...20)
    func split(pieceLength: Int) {
        #expect(run("<think>\nhm\n</think>\n\nYes.", pieceLength: pieceLength) == ["\nhm\n", "Yes."])
        #expect(run("hm</think>Yes.", pieceLength: pieceLength, startsInside: true) == ["hm", "Yes."])
        #expect(run(" \n<think>a</thin</think> b </think>", pieceLength: pieceLength) == ["a</thin", "b </think>"])
    }

    @Test("an answer without a span keeps every character", arguments: 1...8)
    func none(pieceLength: Int) {
        #expect(run("  <thin air> & <think>", pieceLength: pieceLength) == ["", "  <thin air> & <think>"])
        #expect(run("<th", pieceLength: pieceLength) == ["", "<th"])
    }

    @Test("a span that never closes is all reasoning")
    func unclosed() {
        #expect(run("<think>and on</thi", pieceLength: 3) == ["and on</thi", ""])
    }

    @Test("a closing tag followed by a combining mark still closes")
    func combining() {
        #expect(run("<think>a</think>\u{301}b", pieceLength: 100) == ["a", "\u{301}b"])
    }
}
