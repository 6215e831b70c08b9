import OrderedJSON
import Residency
import Synchronization
import Testing

@testable import Inference
@testable import Server

@Suite(.timeLimit(.minutes(1))) struct EmbeddingRouteTests {
    let path = "/v1/embeddings"

    @Test func `each input has a vector, and the usage counts them all`() async throws {
        let fixture = try ServerFixture()
        let answer = try await fixture.test {
            try await $0.post(path, #"{"model":"alpha","input":["a",[1,2,3]],"keep_alive":-1}"#)
        }
        #expect(answer.status == 200 && answer.header("x-conifer-model") == "alpha")
        #expect(
            answer.text
                == #"{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.0,0.0,1.0,0.0]},"#
                + #"{"object":"embedding","index":1,"embedding":[0.0,0.0,0.0,1.0]}],"model":"alpha","#
                + #""usage":{"prompt_tokens":5,"total_tokens":5}}"#)
        #expect(fixture.engine.log == ["check alpha", "load alpha", "embed 2"])
        #expect(fixture.status.resident?.keepAlive == .forever && fixture.status.resident?.activeTurns == 0)
    }

    @Test func `base64 is what openai-python asks for`() async throws {
        let answer = try await ServerFixture().test {
            try await $0.post(path, #"{"model":"alpha","input":"a","encoding_format":"base64"}"#)
        }
        // struct.pack("<4f", 0, 0, 1, 0)
        #expect(answer.json?["data"]?[0]?["embedding"] == "AAAAAAAAAAAAAIA/AAAAAA==")
    }

    @Test func `fewer dimensions are the first ones, of length 1 again`() async throws {
        let fixture = try ServerFixture()
        fixture.engine.script.withLock { $0.vector = [0, -0.5, 0.8660254, 0] }
        try await fixture.test { caller in
            let answer = try await caller.post(path, #"{"model":"alpha","input":"a","dimensions":2}"#)
            #expect(answer.json?["data"]?[0]?["embedding"] == [0.0, -1.0])
            let all = try await caller.post(path, #"{"model":"alpha","input":"a","dimensions":4}"#)
            #expect(all.json?["data"]?[0]?["embedding"]?.arrayValue?.count == 4)
            let more = try await caller.post(path, #"{"model":"alpha","input":"a","dimensions":5}"#)
            #expect(more.status == 400 && more.json?["error"]?["param"] == "dimensions")
            #expect(more.json?["error"]?["message"]?.stringValue?.contains("4") == true)
        }
    }

    @Test(arguments: [
        (#""input":"too long""#, "input", "context_length_exceeded"), (#""input":[100]"#, "input", "unknown_token"),
        (#""input":[]"#, "input", ""), (#""input":"a","keep_alive":true"#, "keep_alive", ""),
        (#""input":"a","encoding_format":"hex""#, "encoding_format", ""),
    ])
    func `what is wrong is a 400 that names the field`(members: String, field: String, code: String) async throws {
        let answer = try await ServerFixture().test { try await $0.post(path, "{\"model\":\"alpha\",\(members)}") }
        #expect(answer.status == 400 && answer.json?["error"]?["param"] == .string(field))
        #expect((answer.json?["error"]?["code"]?.stringValue ?? "") == code)
    }

    @Test func `an unknown name is answered by the resident model, and says so`() async throws {
        let answer = try await ServerFixture().test {
            try await $0.post(path, #"{"model":"text-embedding-3-small","input":"a"}"#)
        }
        #expect(answer.json?["model"] == "alpha" && answer.header("x-conifer-fallback") == "unknown-model")
    }

    @Test func `while it runs it is a turn`() async throws {
        let fixture = try ServerFixture()
        fixture.engine.holdTurns(of: "alpha")
        try await fixture.test { caller in
            async let answer = caller.post(path, #"{"model":"alpha","input":"a"}"#)
            try await fixture.eventually { fixture.engine.log.last == "embed 1" }
            #expect(fixture.status.resident?.activeTurns == 1)
            fixture.engine.script.withLock { $0.heldTurns = [] }
            #expect(try await answer.status == 200)
            #expect(fixture.status.resident?.activeTurns == 0)
        }
    }
}
