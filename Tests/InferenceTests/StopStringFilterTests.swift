import Testing

@testable import Inference

@Suite("Stop strings")
struct StopStringFilterTests {
    /// Feeds a text in pieces and joins what comes out.
    private func run(_ stops: [String], _ pieces: [String]) -> (text: String, stopped: Bool) {
        var filter = StopStringFilter(stops)
        var text = ""
        for piece in pieces {
            text += filter.append(piece)
        }
        return (text + filter.finish(), filter.isStopped)
    }

    @Test("the matched text and all that follows is cut")
    func cuts() {
        #expect(run(["END"], ["one END two"]) == ("one ", true))
    }

    @Test("a stop string that arrives in pieces is met, and no part of it leaks")
    func pieces() {
        var filter = StopStringFilter(["\n\nUser:"])
        #expect(filter.append("answer\n") == "answer")
        #expect(filter.append("\nUs") == "")
        #expect(filter.append("er: hi") == "")
        #expect(filter.isStopped)
        #expect(filter.append("more") == "")
        #expect(filter.finish() == "")
    }

    @Test("what only looked like a stop string comes out")
    func falseStart() {
        #expect(run(["abcd"], ["ab", "cx"]) == ("abcx", false))
        #expect(run(["abcd"], ["x", "abc"]) == ("xabc", false))
    }

    @Test("the first of several stop strings in the text wins, whatever their order")
    func earliest() {
        #expect(run(["two", "one"], ["zero one two"]) == ("zero ", true))
    }

    @Test("held-back text never splits a character")
    func characters() {
        // "é" is C3 A9 and "è" C3 A8: the first byte alone matches the start of the stop string.
        var filter = StopStringFilter(["é"])
        #expect(filter.append("aè") == "aè")
        #expect(filter.append("bé") == "b")
        #expect(filter.isStopped)
    }

    @Test("every way to cut a text into pieces gives the same result", arguments: ["aab", "aaab", "xaabx", "aaxaab"])
    func anyCut(text: String) {
        let whole = run(["aab"], [text])
        let letters = text.map(String.init)
        for mask in 0..<(1 << (letters.count - 1)) {
            var pieces = [letters[0]]
            for (index, letter) in letters.dropFirst().enumerated() {
                if mask & (1 << index) != 0 {
                    pieces.append(letter)
                } else {
                    pieces[pieces.count - 1] += letter
                }
            }
            #expect(run(["aab"], pieces) == whole)
        }
    }

    @Test("empty stop strings stop nothing")
    func empty() {
        #expect(run(["", ""], ["text"]) == ("text", false))
    }
}
