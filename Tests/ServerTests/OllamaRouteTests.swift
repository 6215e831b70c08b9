import OrderedJSON
import Residency
import Sampling
import Testing

@testable import Inference
@testable import Server

@Suite(.timeLimit(.minutes(1))) struct OllamaRouteTests {
    @Test func `chat streams lines unless told otherwise`() async throws {
        try await ServerFixture().test { caller in
            let body = #"{"model":"alpha","messages":[{"role":"user","content":"hello"}]}"#
            let answer = try await caller.post("/api/chat", body)
            #expect(answer.header("content-type") == "application/x-ndjson")
            #expect(answer.lines.map { $0["message"]?["content"] } == ["", "I am ", "alpha", ""])
            #expect(answer.lines.map { $0["message"]?["thinking"] } == ["hm", nil, nil, nil])
            #expect(answer.lines.map { $0["done"] } == [false, false, false, true])
            #expect(answer.lines.last?["done_reason"] == "stop" && answer.lines.last?["eval_count"] == 3)
            #expect(answer.lines.allSatisfy { $0["model"] == "alpha" && $0["created_at"]?.stringValue != nil })
            let whole = try await caller.post("/api/chat", String(body.dropLast()) + #","stream":false,"think":true}"#)
            #expect(whole.json?["message"]?["content"] == "I am alpha")
            #expect(whole.json?["message"]?["thinking"] == "hm" && whole.json?["prompt_eval_count"] == 5)
            #expect(whole.header("content-type") == "application/json; charset=utf-8")
            let mute = try await caller.post("/api/chat", String(body.dropLast()) + #","think":false}"#)
            #expect(mute.lines.map { $0["message"]?["content"] } == ["I am ", "alpha", ""])
        }
    }

    @Test func `how much to think reaches the template, and nothing more than on or off`() async throws {
        let fixture = try ServerFixture()
        try await fixture.test { caller in
            for think in [#""high""#, #""max""#, "true", "false", "null"] {
                let body = #"{"model":"alpha","messages":[{"role":"user","content":"x"}],"think":\#(think)}"#
                try await caller.succeed("/api/chat", body)
            }
        }
        let conversations = fixture.engine.inputs.compactMap { input in
            if case .conversation(let conversation, _) = input { conversation } else { nil }
        }
        #expect(conversations.map(\.enablesThinking) == [true, true, true, false, true])
        #expect(
            conversations.map { JSON.object($0.templateVariables)["reasoning_effort"] }
                == ["high", "high", nil, nil, nil])
    }

    @Test func `tools, their calls and their answers reach the template`() async throws {
        let fixture = try ServerFixture()
        try await fixture.test { caller in
            let answer = try await caller.post(
                "/api/chat",
                #"""
                {"model":"alpha","stream":false,"tools":[{"type":"function","function":{"name":"f"}}],"messages":[
                  {"role":"user","content":"x"},
                  {"role":"assistant","content":"","thinking":"hm",
                   "tool_calls":[{"function":{"name":"f","arguments":{"a":1}}}]},
                  {"role":"tool","tool_name":"f","content":"3"}]}
                """#)
            #expect(answer.status == 200)
        }
        guard case .conversation(let conversation, _)? = fixture.engine.inputs.first else {
            Issue.record("the model was asked for no conversation")
            return
        }
        #expect(conversation.tools.count == 1 && conversation.messages[1].reasoning == "hm")
        #expect(conversation.messages[1].toolCalls[0]["function"]?["arguments"] == ["a": 1])
        #expect(conversation.messages[2].role == .tool && conversation.messages[2].name == "f")
    }

    @Test func `generate answers a prompt`() async throws {
        let fixture = try ServerFixture()
        try await fixture.test { caller in
            let answer = try await caller.post(
                "/api/generate", #"{"model":"alpha","prompt":"hi","stream":false,"options":{"num_predict":4,"seed":9}}"#
            )
            #expect(answer.json?["response"] == "I am alpha" && answer.json?["done"] == true)
            _ = try await caller.post("/api/generate", #"{"model":"alpha","prompt":"hi","raw":true,"stream":false}"#)
        }
        let options = fixture.engine.turns.map(\.options)
        #expect(options[0].maximumTokens == 4 && options[0].sampling.seed == 9)
        #expect(options[0].sampling.temperature == 0.8 && options[0].sampling.topK == 40)
        #expect(options[1].maximumTokens == nil)
    }

    @Test(arguments: [
        (#"{"messages":[]}"#, 400, "model is required"), (#"{"model":null}"#, 400, "model is required"),
        (#"{"model":""}"#, 400, "model is required"), (#"[]"#, 400, "body"),
        (#"{"model":"alpha","format":{"type":"object"}}"#, 400, "format"),
        (#"{"model":"alpha","keep_alive":"-"}"#, 400, "keep_alive"),
        (#"{"model":"alpha","format":"json"}"#, 400, "format"),
        (#"{"model":"alpha","options":{"top_k":"x"}}"#, 400, "top_k"),
        ("", 400, "missing request body"), ("{", 400, "invalid JSON"),
    ])
    func `errors have Ollama's shape`(body: String, status: Int, text: String) async throws {
        let fixture = try ServerFixture()
        let answer = try await fixture.test { try await $0.post("/api/chat", body) }
        #expect(answer.status == status)
        #expect(answer.json?["error"]?.stringValue?.contains(text) == true)
        #expect(fixture.engine.log == [])
    }

    @Test func `an error after the output began is the last line`() async throws {
        let fixture = try ServerFixture()
        fixture.engine.holdTurns(of: "alpha")
        try await fixture.test { caller in
            async let answer = caller.post("/api/generate", #"{"model":"alpha","prompt":"x"}"#)
            try await fixture.eventually { fixture.engine.turns.count == 1 }
            fixture.engine.turns[0].say("so far")
            fixture.engine.turns[0].fail(.engine(reason: "no luck"))
            let lines = try await answer.lines
            #expect(lines.first?["response"] == "so far" && lines.count == 2)
            #expect(lines.last?["error"]?.stringValue?.contains("no luck") == true && lines.last?["done"] == nil)
        }
    }

    @Test(arguments: ["/api/chat", "/api/generate"])
    func `a prompt that is too long is refused with both numbers, before a stream begins`(path: String) async throws {
        try await ServerFixture().test { caller in
            let answer = try await caller.post(
                path, #"{"model":"alpha","prompt":"too long","messages":[{"role":"user","content":"too long"}]}"#)
            let message = answer.json?["error"]?.stringValue ?? ""
            #expect(answer.status == 400 && message.contains("maximum context length is 128 tokens"))
            #expect(message.contains("exceeds the available context size (1000 prompt tokens"))
        }
    }

    @Test func `a conversation loses its oldest messages only if it may, and the answer says how many`() async throws {
        let fixture = try ServerFixture()
        try await fixture.test { caller in
            func body(_ members: String) -> String {
                #"""
                {"model":"alpha","stream":false,\#(members)"messages":[{"role":"system","content":"be brief"},
                 {"role":"user","content":"long"},{"role":"assistant","content":"long"},
                 {"role":"user","content":"long"},{"role":"user","content":"now"}]}
                """#
            }
            #expect(try await caller.post("/api/chat", body("")).status == 400)
            #expect(try await caller.post("/api/chat", body(#""truncate":false,"#)).status == 400)
            let answer = try await caller.post("/api/chat", body(#""truncate":true,"#))
            #expect(answer.status == 200 && answer.json?["dropped_messages"] == 1)
            let fits = try await caller.post(
                "/api/chat",
                #"{"model":"alpha","stream":false,"truncate":true,"messages":[{"role":"user","content":"now"}]}"#)
            #expect(fits.status == 200 && fits.json?["dropped_messages"] == nil)
            let hopeless = try await caller.post(
                "/api/chat", #"{"model":"alpha","truncate":true,"messages":[{"role":"user","content":"too long"}]}"#)
            #expect(hopeless.status == 400)
        }
    }
}
