import OrderedJSON
import Residency
import Synchronization
import Testing

@testable import Inference
@testable import Server

/// Loading and unloading by requests that ask for nothing else, as Ollama's clients do it.
@Suite(.timeLimit(.minutes(1))) struct OllamaLoadingTests {
    @Test(arguments: ["/api/chat", "/api/generate"])
    func `an empty request loads, and with zero unloads`(path: String) async throws {
        let fixture = try ServerFixture()
        try await fixture.test { caller in
            let load = try await caller.post(path, #"{"model":"alpha:latest","keep_alive":"10m"}"#)
            #expect(load.header("x-conifer-model") == "alpha" && load.lines.count == 1)
            #expect((load.json?["load_duration"]?.integerValue ?? 0) > 0)
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

    @Test(arguments: ["/api/chat", "/api/generate"], ["true", "false"])
    func `the answer is one object, streaming or not`(path: String, stream: String) async throws {
        try await ServerFixture().test { caller in
            for (value, reason) in [(#""5m""#, "load"), ("0", "unload")] {
                let body =
                    #"{"model":"alpha","prompt":"","messages":[],"stream":\#(stream),"keep_alive":\#(value)}"#
                let answer = try await caller.post(path, body)
                #expect(answer.header("content-type") == "application/json; charset=utf-8")
                #expect(answer.json?["done_reason"] == .string(reason) && answer.json?["done"] == true)
                let text = path == "/api/chat" ? answer.json?["message"]?["content"] : answer.json?["response"]
                #expect(text == "")
            }
        }
    }

    @Test(arguments: ["/api/embed", "/api/embeddings"])
    func `embedding nothing loads, and with zero unloads`(path: String) async throws {
        let fixture = try ServerFixture()
        try await fixture.test { caller in
            let load = try await caller.post(path, #"{"model":"alpha","input":[],"prompt":"","keep_alive":"10m"}"#)
            #expect(load.status == 200 && load.json?[path == "/api/embed" ? "embeddings" : "embedding"] == [])
            #expect(fixture.status.resident?.keepAlive == .after(.seconds(600)))
            let unload = try await caller.post(path, #"{"model":"alpha","keep_alive":0}"#)
            #expect(unload.status == 200)
            try await fixture.eventually { fixture.status.resident == nil }
        }
        #expect(fixture.engine.log == ["check alpha", "load alpha", "unload alpha"])
    }

    @Test func `a policy of an unknown name is that of the model that answers`() async throws {
        let fixture = try ServerFixture()
        try await fixture.test { caller in
            _ = try await caller.post("/api/generate", #"{"model":"beta"}"#)
            let pin = try await caller.post("/api/generate", #"{"model":"gpt-4o","keep_alive":-1}"#)
            #expect(pin.json?["model"] == "beta" && pin.header("x-conifer-fallback") == "unknown-model")
            #expect(fixture.status.resident?.keepAlive == .forever)
            let unload = try await caller.post("/api/generate", #"{"model":"gpt-4o","keep_alive":0}"#)
            #expect(unload.json?["model"] == "beta" && unload.json?["done_reason"] == "unload")
            try await fixture.eventually { fixture.status.resident == nil }
        }
    }

    @Test func `another num_ctx loads nothing again`() async throws {
        let fixture = try ServerFixture()
        try await fixture.test { caller in
            for context in [128, 64, 8_192] {
                let body = #"{"model":"alpha","prompt":"x","options":{"num_ctx":\#(context)}}"#
                try await caller.succeed("/api/generate", body)
            }
        }
        #expect(fixture.engine.log == ["check alpha", "load alpha"])
    }

    @Test func `a load that fails has its own status`() async throws {
        let fixture = try ServerFixture()
        fixture.engine.script.withLock {
            $0.brokenChecks["alpha"] = .insufficientMemory(needed: 2_000, budget: 1_000)
        }
        try await fixture.test { caller in
            let answer = try await caller.post("/api/generate", #"{"model":"alpha"}"#)
            #expect(answer.status == 507 && answer.json?["error"]?.stringValue?.contains("2000 bytes") == true)
            #expect(answer.header("x-should-retry") == "false")
        }
    }
}
