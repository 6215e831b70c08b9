import HTTPTypes
import OrderedJSON
import Residency
import Synchronization
import Testing

@testable import Inference
@testable import Server

@Suite(.timeLimit(.minutes(1))) struct StatusRouteTests {
    @Test func `the catalog is listed without loading anything`() async throws {
        let fixture = try ServerFixture()
        try await fixture.test { caller in
            let models = try await caller.get("/v1/models")
            #expect(models.json?["data"]?.arrayValue?.compactMap { $0["id"] } == ["alpha", "beta"])
            #expect(models.json?["data"]?[0]?["created"] == 1_700_000_000)
            let one = try await caller.get("/v1/models/beta")
            #expect(one.json?["id"] == "beta" && one.json?["owned_by"] == "conifer")
            let encoded = try await caller.get("/v1/models/beta%3Alatest")
            #expect(encoded.json?["id"] == "beta")
            let slash = try await caller.get("/v1/models/beta/")
            #expect(slash.json?["id"] == "beta")
            let none = try await caller.get("/v1/models/gpt-4o")
            #expect(none.status == 404 && none.json?["error"]?["code"] == "model_not_found")
            let tags = try await caller.get("/api/tags")
            #expect(tags.json?["models"]?[0]?["name"] == "alpha:latest")
            #expect(tags.json?["models"]?[0]?["details"]?["parameter_size"] == "8.2B")
            #expect(tags.json?["models"]?[0]?["digest"]?.stringValue?.count == 64)
            for answer in [models, tags] { #expect(!answer.text.contains("/secret")) }
        }
        #expect(fixture.engine.log == [])
    }

    @Test func `ps shows the resident model, its window and where that came from`() async throws {
        let fixture = try ServerFixture()
        try await fixture.test { caller in
            #expect(try await caller.get("/api/ps").text == #"{"models":[]}"#)
            _ = try await caller.chat("alpha", #""keep_alive":"10m""#)
            let model = try #require(try await caller.get("/api/ps").json?["models"]?[0])
            #expect(model["name"] == "alpha:latest" && model["state"] == "ready" && model["size"] == 33)
            #expect(model["size_vram"] == 33 && model["context_length"] == 128)
            #expect(model["keep_alive"] == "10m" && model["keep_alive_source"] == "request")
            #expect(model["pinned"] == false && model["active_turns"] == 0)
            let remaining = try #require(model["idle_remaining_seconds"]?.doubleValue)
            #expect(remaining > 590 && remaining <= 600)
            _ = try await caller.chat("alpha", #""keep_alive":-1"#)
            let pinned = try #require(try await caller.get("/api/ps").json?["models"]?[0])
            #expect(pinned["pinned"] == true && pinned["idle_remaining_seconds"] == .null)
            #expect(pinned["expires_at"]?.stringValue?.hasPrefix("23") == true)
        }
    }

    @Test func `status answers at once during a load, and shows its progress`() async throws {
        let fixture = try ServerFixture()
        fixture.engine.holdLoads(of: "alpha")
        try await fixture.test { caller in
            async let chat = caller.chat("alpha")
            try await fixture.eventually { fixture.status.resident?.loadProgress == 0.5 }
            let model = try await caller.get("/api/ps").json?["models"]?[0]
            #expect(model?["state"] == "loading" && model?["load_progress"] == 0.5 && model?["queued_turns"] == 1)
            let health = try await caller.get("/health")
            #expect(health.status == 200 && health.json?["server"] == "conifer" && health.json?["state"] == "loading")
            fixture.engine.finishLoad(of: "alpha")
            #expect(try await chat.status == 200)
        }
    }

    @Test func `while a turn runs, the window is whole`() async throws {
        let fixture = try ServerFixture()
        fixture.engine.holdTurns(of: "alpha")
        try await fixture.test { caller in
            async let chat = caller.chat("alpha")
            try await fixture.eventually { fixture.engine.turns.count == 1 }
            let model = try await caller.get("/api/ps").json?["models"]?[0]
            #expect(model?["active_turns"] == 1 && model?["idle_remaining_seconds"] == .null)
            fixture.engine.turns[0].finish()
            #expect(try await chat.status == 200)
            #expect(fixture.status.resident?.activeTurns == 0)
        }
    }

    @Test func `zero unloads when the turn is over`() async throws {
        let fixture = try ServerFixture()
        try await fixture.test { caller in
            _ = try await caller.chat("alpha", #""keep_alive":0"#)
            try await fixture.eventually { fixture.status.resident == nil }
        }
        #expect(fixture.engine.log == ["check alpha", "load alpha", "unload alpha"])
    }

    @Test func `a model that is being let go still says whose policy that was`() async throws {
        let fixture = try ServerFixture()
        fixture.engine.script.withLock { $0.holdsUnloads = true }
        try await fixture.test { caller in
            _ = try await caller.chat("alpha", #""keep_alive":0"#)
            try await fixture.eventually { fixture.engine.log.last == "unload alpha" }
            let model = try #require(try await caller.get("/api/ps").json?["models"]?[0])
            #expect(model["state"] == "draining" && model["idle_remaining_seconds"] == .null)
            #expect(model["keep_alive"] == "0s" && model["keep_alive_source"] == "request")
            fixture.engine.script.withLock { $0.holdsUnloads = false }
            try await fixture.eventually { fixture.status.resident == nil }
        }
    }

    @Test func `clients that look for Ollama find one`() async throws {
        try await ServerFixture().test { caller in
            #expect(try await caller.get("/").text == "Ollama is running")
            let version = try await caller.get("/api/version").json?["version"]?.stringValue ?? ""
            let numbers = version.split(separator: ".").compactMap { Int($0) }
            #expect(numbers.count == 3 && !numbers.lexicographicallyPrecedes([0, 6, 4]))
            for path in ["/", "/api/version", "/api/tags"] {
                let head = try await caller.call(.head, path)
                #expect(head.status == 200 && head.text.isEmpty)
                #expect(head.header("content-length") == "\(try await caller.get(path).text.utf8.count)")
            }
        }
    }

    @Test func `a refused HEAD sends no body that would be read as the next answer`() async throws {
        try await ServerFixture().test { caller in
            for path in ["/v1/nothing", "/api/nothing", "/v1/models/nothing"] {
                let head = try await caller.call(.head, path)
                #expect(head.status == 404 && head.text.isEmpty)
                #expect(head.header("content-length") == "\(try await caller.get(path).text.utf8.count)")
            }
            let method = try await caller.call(.head, "/v1/chat/completions")
            #expect(method.status == 405 && method.text.isEmpty)
        }
    }

    @Test func `unknown paths, wrong methods and large bodies have their own statuses on both wires`() async throws {
        try await ServerFixture { $0.bodyLimit = 100 }.test { caller in
            let path = try await caller.get("/v1/nothing")
            #expect(path.status == 404 && path.json?["error"]?["type"] == "not_found_error")
            let ollama = try await caller.get("/api/nothing")
            #expect(ollama.status == 404 && ollama.json?["error"]?.stringValue != nil)
            let method = try await caller.get("/v1/chat/completions")
            #expect(method.status == 405 && method.header("allow") == "POST")
            let delete = try await caller.call(.delete, "/api/ps")
            #expect(delete.status == 405 && delete.header("allow") == "GET, HEAD")
            let large = try await caller.chat("alpha", content: String(repeating: "x", count: 200))
            #expect(large.status == 413 && large.json?["error"]?["message"]?.stringValue?.contains("100") == true)
        }
    }

    @Test func `a catalog that was read again is served at once, and what is resident stays`() async throws {
        let fixture = try ServerFixture()
        try await fixture.test { caller in
            _ = try await caller.chat("alpha")
            fixture.server.replaceCatalog(try ServerFixture.catalog(["beta", "gamma"]))
            #expect(try await caller.get("/v1/models").json?["data"]?[1]?["id"] == "gamma")
            #expect(try await caller.chat("alpha").json?["model"] == "alpha")
            #expect(try await caller.chat("gamma").json?["model"] == "gamma")
            #expect(try await caller.chat("alpha").json?["model"] == "gamma")
        }
    }

    @Test(arguments: ["/v1/models/%zz", "/v1/models/%ff", "/v1/models/..%2Fx.gguf", "/v1/models/%2Fetc%2Fpasswd"])
    func `an id that is none is a 404, whatever it holds`(path: String) async throws {
        let answer = try await ServerFixture().test { try await $0.get(path) }
        #expect(answer.status == 404 && answer.json?["error"]?["code"] == "model_not_found")
        #expect(answer.json?["error"]?["param"] == "model")
    }

    @Test func `an id may hold a slash, plain or escaped`() async throws {
        try await ServerFixture(models: ["org/model"]).test { caller in
            for path in ["/v1/models/org/model", "/v1/models/org%2Fmodel", "/v1/models/org%2fmodel"] {
                let answer = try await caller.get(path)
                #expect(answer.json?["id"] == "org/model")
            }
        }
    }

    @Test func `the models' list says which one is in memory, and what context it has there`() async throws {
        let fixture = try ServerFixture()
        fixture.engine.holdLoads(of: "beta")
        try await fixture.test { caller in
            async let chat = caller.chat("beta")
            try await fixture.eventually { fixture.status.resident?.state == .loading }
            #expect(try await caller.get("/v1/models/beta").json?["status"] == ["value": "loading"])
            fixture.engine.finishLoad(of: "beta")
            #expect(try await chat.status == 200)
            let models = try await caller.get("/v1/models").json?["data"]
            #expect(models?[0]?["status"] == ["value": "unloaded"] && models?[0]?["context_length"] == 256)
            #expect(models?[1]?["status"] == ["value": "loaded"] && models?[1]?["context_length"] == 128)
        }
    }

    @Test(arguments: [(100, 100), (256, 256), (1_000, 256)])
    func `an unloaded model has no more context than the server gives it`(limit: Int, shown: Int) async throws {
        try await ServerFixture { $0.contextLength = limit }.test { caller in
            let list = try await caller.get("/v1/models").json
            let beta = try await caller.get("/v1/models/beta").json
            #expect(list?["data"]?[0]?["context_length"]?.integerValue == shown)
            #expect(beta?["context_length"]?.integerValue == shown)
        }
    }
}
