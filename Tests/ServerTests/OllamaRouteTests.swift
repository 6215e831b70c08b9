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
            #expect(answer.lines.map { $0["message"]?["content"] } == ["I am ", "alpha", ""])
            #expect(answer.lines.map { $0["done"] } == [false, false, true])
            #expect(answer.lines.last?["done_reason"] == "stop" && answer.lines.last?["eval_count"] == 3)
            #expect(answer.lines.allSatisfy { $0["model"] == "alpha" && $0["created_at"]?.stringValue != nil })
            let whole = try await caller.post("/api/chat", String(body.dropLast()) + #","stream":false,"think":true}"#)
            #expect(whole.json?["message"]?["content"] == "I am alpha")
            #expect(whole.json?["message"]?["thinking"] == "hm" && whole.json?["prompt_eval_count"] == 5)
        }
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

    @Test(arguments: ["/api/chat", "/api/generate"])
    func `an empty request loads, and with zero unloads`(path: String) async throws {
        let fixture = try ServerFixture()
        try await fixture.test { caller in
            let load = try await caller.post(path, #"{"model":"alpha","keep_alive":"10m"}"#)
            #expect(load.json?["done_reason"] == "load" && load.json?["done"] == true && load.json?["model"] == "alpha")
            #expect(fixture.status.resident?.keepAlive == .after(.seconds(600)))
            let unload = try await caller.post(path, #"{"model":"alpha","keep_alive":0}"#)
            #expect(unload.json?["done_reason"] == "unload")
            try await fixture.eventually { fixture.status.resident == nil }
            let again = try await caller.post(path, #"{"model":"alpha","keep_alive":"0s"}"#)
            #expect(again.status == 200 && again.json?["done_reason"] == "unload")
        }
        #expect(fixture.engine.log == ["check alpha", "load alpha", "unload alpha"])
    }

    @Test func `unloading waits for the turn that runs`() async throws {
        let fixture = try ServerFixture()
        fixture.engine.holdTurns(of: "alpha")
        try await fixture.test { caller in
            async let chat = caller.chat("alpha")
            try await fixture.eventually { fixture.engine.turns.count == 1 }
            let unload = try await caller.post("/api/generate", #"{"model":"alpha","keep_alive":0}"#)
            #expect(unload.status == 200 && fixture.status.resident?.activeTurns == 1)
            fixture.engine.turns[0].finish()
            #expect(try await chat.status == 200)
            try await fixture.eventually { fixture.status.resident == nil }
        }
    }

    @Test(arguments: [
        (#"{"messages":[]}"#, 400, "model"), (#"{"model":"alpha","keep_alive":"-"}"#, 400, "keep_alive"),
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

    @Test func `show of an unknown model is a 404`() async throws {
        let answer = try await ServerFixture().test { try await $0.post("/api/show", #"{"name":"nobody"}"#) }
        #expect(answer.status == 404 && answer.json?["error"] == "model 'nobody' not found")
    }

    @Test func `show of a file that is gone names no path`() async throws {
        let answer = try await ServerFixture().test { try await $0.post("/api/show", #"{"model":"alpha"}"#) }
        #expect(answer.status == 500 && !answer.text.contains("/secret"))
    }
}
