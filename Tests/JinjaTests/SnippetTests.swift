import Jinja
import OrderedJSON
import Testing

/// Small templates against what Python's Jinja2 gives; `reference/snippets.py` has them.
@Suite("Snippets")
struct SnippetTests {
    @Test("Every snippet gives what Python's Jinja2 gives")
    func rendersAsPython() throws {
        let reference = try Reference.json("snippets.json")
        let context = Reference.context(try #require(reference["context"]))
        let snippets = try #require(reference["snippets"]?.arrayValue)
        #expect(snippets.count > 900)
        for snippet in snippets {
            let source = try #require(snippet["template"]?.stringValue)
            let outcome = Outcome(source, context)
            if let expected = snippet["output"]?.stringValue {
                #expect(outcome == .output(expected), "\(source)")
            } else {
                let className = snippet["error"]?[0]?.stringValue ?? ""
                let message = snippet["error"]?[1]?.stringValue ?? ""
                #expect(outcome.isError(className, message), "\(source): \(className) \(message), not \(outcome)")
            }
        }
    }
}
