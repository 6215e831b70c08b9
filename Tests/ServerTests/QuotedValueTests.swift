import OrderedJSON
import Testing

@testable import Server

/// Errors quote what was sent, and no more of it than a reader needs.
@Suite(.timeLimit(.minutes(1))) struct QuotedValueTests {
    /// Characters of one scalar, and a single one of very many.
    static let long = [String(repeating: "q", count: 100_000), "q" + String(repeating: "\u{301}", count: 100_000)]

    func refusal(_ path: String, _ body: String) async throws -> Caller.Answer {
        let answer = try await ServerFixture().test { try await $0.post(path, body) }
        #expect((400..<500).contains(answer.status))
        return answer
    }

    @Test(arguments: KeepAliveRouteTests.endpoints, long)
    func `a keep_alive with a long unit comes back shortened`(endpoint: String, text: String) async throws {
        for value in ["1" + text, text] {
            let answer = try await refusal(endpoint, KeepAliveRouteTests.body("\"\(value)\""))
            #expect(answer.text.utf8.count < 1_000 && answer.text.contains("…"))
        }
    }

    @Test(arguments: long) func `a long name in a body comes back shortened`(text: String) async throws {
        let messages = #""messages":[{"role":"user","content":"x"}]"#
        for members in [
            #""logit_bias":{"\#(text)":1}"#, #""response_format":{"type":"\#(text)"}"#, #""\#(text)":{"a":[1e400]}"#,
        ] {
            let answer = try await refusal("/v1/chat/completions", "{\(messages),\(members)}")
            #expect(answer.text.utf8.count < 1_500 && answer.text.contains("…"))
            #expect(answer.json?["error"]?["param"]?.stringValue != nil)
        }
        for path in ["/api/show", "/api/pull"] {
            #expect(try await refusal(path, #"{"model":"\#(text)"}"#).text.utf8.count < 1_000)
        }
    }

    @Test(arguments: [
        (#""keep_alive":1e400"#, "keep_alive"), (#""options":{"keep_alive":-1e400}"#, "options.keep_alive"),
        (#""temperature":1e400"#, "temperature"), (#""logit_bias":{"5":1e400}"#, "logit_bias.5"),
        (#""stop":["a",1e999]"#, "stop[1]"), (#""tools":[{"a":[[],[1e400]]}]"#, "tools[0].a[1][0]"),
    ])
    func `a number that no float holds is named by its field`(members: String, field: String) async throws {
        let answer = try await ServerFixture().test { try await $0.chat("alpha", members) }
        #expect(answer.status == 400 && answer.json?["error"]?["param"] == .string(field))
        #expect(answer.json?["error"]?["message"]?.stringValue?.contains(field) == true)
    }

    @Test(arguments: [
        (#""temperature":1e300"#, "temperature is 1e+300;"), (#""min_p":-1e39"#, "min_p is -1e+39;"),
        (#""presence_penalty":1e300"#, "presence_penalty is 1e+300;"),
        (#""repetition_penalty":2e300"#, "repetition_penalty is 2e+300;"),
        (#""logit_bias":{"5":-1e300}"#, "logit_bias is -1e+300;"),
        (#""n":0"#, "it must be from 1 to 16"), (#""n":17"#, "it must be from 1 to 16"),
    ])
    func `a number out of range is reported as it was sent`(members: String, words: String) async throws {
        let answer = try await ServerFixture().test { try await $0.chat("alpha", members) }
        let message = answer.json?["error"]?["message"]?.stringValue ?? ""
        #expect(answer.status == 400 && message.contains(words), "\(message)")
    }

    @Test func `Ollama's options are reported as they were sent, too`() async throws {
        let answer = try await refusal(
            "/api/generate", #"{"model":"alpha","prompt":"x","options":{"temperature":1e300}}"#)
        #expect(answer.json?["error"]?.stringValue?.contains("temperature is 1e+300;") == true)
    }
}
