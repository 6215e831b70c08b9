import OrderedJSON
import Residency
import Testing

@testable import Inference
@testable import Server

@Suite(.timeLimit(.minutes(1))) struct OllamaEmbedTests {
    @Test func `one text and several have a vector each, in their order`() async throws {
        let fixture = try ServerFixture()
        try await fixture.test { caller in
            let one = try await caller.post("/api/embed", #"{"model":"alpha:latest","input":"a"}"#)
            #expect(one.json?["model"] == "alpha" && one.json?["embeddings"] == [[0.0, 0.0, 1.0, 0.0]])
            #expect(one.json?["prompt_eval_count"] == 2 && (one.json?["total_duration"]?.integerValue ?? 0) > 0)
            #expect(one.header("x-conifer-model") == "alpha")
            let two = try await caller.post("/api/embed", #"{"model":"alpha","input":["a","too long"]}"#)
            // The second was cut to 128 tokens.
            #expect(two.json?["embeddings"] == [[0.0, 0.0, 1.0, 0.0], [1.0, 0.0, 0.0, 0.0]])
            #expect(two.json?["prompt_eval_count"] == 130)
            let older = try await caller.post("/api/embeddings", #"{"model":"alpha","prompt":"a"}"#)
            #expect(older.text == #"{"embedding":[0.0,0.0,1.0,0.0]}"#)
        }
        #expect(fixture.engine.log == ["check alpha", "load alpha", "embed 1", "embed 2", "embed 1"])
        #expect(fixture.status.resident?.activeTurns == 0)
    }

    @Test func `fewer dimensions are the first ones, of length 1 again`() async throws {
        try await ServerFixture().test { caller in
            func embed(_ dimensions: Int) async throws -> Caller.Answer {
                try await caller.post("/api/embed", #"{"model":"alpha","input":"a","dimensions":\#(dimensions)}"#)
            }
            for (dimensions, vector): (Int, JSON) in [
                (3, [0.0, 0.0, 1.0]), (2, [0.0, 0.0]), (0, [0.0, 0.0, 1.0, 0.0]), (4, [0.0, 0.0, 1.0, 0.0]),
            ] {
                #expect(try await embed(dimensions).json?["embeddings"] == [vector])
            }
            let more = try await embed(5)
            #expect(more.status == 400 && more.json?["error"]?.stringValue?.contains("dimensions") == true)
        }
    }

    @Test func `a text that is too long is refused if it must not be cut`() async throws {
        try await ServerFixture().test { caller in
            let answer = try await caller.post(
                "/api/embed", #"{"model":"alpha","input":["a","too long"],"truncate":false}"#)
            #expect(answer.status == 400 && answer.json?["error"]?.stringValue?.contains("128") == true)
        }
    }

    @Test(arguments: [
        (#"{"input":"a"}"#, "model is required"), (#"{"model":"alpha","input":[1]}"#, "input[0]"),
        (#"{"model":"alpha","input":"a","keep_alive":"1d"}"#, "keep_alive"),
    ])
    func `errors come before anything is loaded`(body: String, text: String) async throws {
        let fixture = try ServerFixture()
        let answer = try await fixture.test { try await $0.post("/api/embed", body) }
        #expect(answer.status == 400 && answer.json?["error"]?.stringValue?.contains(text) == true)
        #expect(fixture.engine.log == [])
    }

    @Test func `an unknown name is answered by the resident model`() async throws {
        try await ServerFixture().test { caller in
            _ = try await caller.post("/api/generate", #"{"model":"beta"}"#)
            let answer = try await caller.post("/api/embed", #"{"model":"nomic-embed-text","input":"a"}"#)
            #expect(answer.json?["model"] == "beta" && answer.header("x-conifer-fallback") == "unknown-model")
        }
    }
}
