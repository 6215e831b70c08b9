import OrderedJSON
import Residency
import Synchronization
import Testing

@testable import Inference
@testable import Server

/// Requests that only the loaded model can refuse: they had a lease, and all the same their `keep_alive` sets nothing.
@Suite(.timeLimit(.minutes(1))) struct RefusedTurnTests {
    static let refusals: [(path: String, members: String)] = [
        ("/v1/chat/completions", #""messages":[{"role":"user","content":"too long"}]"#),
        ("/v1/chat/completions", #""messages":[{"role":"user","content":"too long"}],"stream":true"#),
        ("/v1/chat/completions", #""messages":[{"role":"user","content":"refuse me"}]"#),
        ("/v1/chat/completions", #""messages":[{"role":"user","content":"x"}],"logit_bias":{"100":1}"#),
        ("/v1/completions", #""prompt":"too long""#), ("/v1/completions", #""prompt":["x","too long"]"#),
        ("/v1/completions", #""prompt":"too long","stream":true"#), ("/v1/completions", #""prompt":[5,100]"#),
        ("/v1/completions", #""prompt":"""#), ("/v1/completions", #""prompt":"x","logit_bias":{"100":1}"#),
        ("/v1/completions", #""prompt":"a","suffix":"b""#),
        ("/v1/embeddings", #""input":"too long""#), ("/v1/embeddings", #""input":["x",[100]]"#),
        ("/v1/embeddings", #""input":"x","dimensions":5"#),
        ("/api/chat", #""messages":[{"role":"user","content":"too long"}],"stream":false"#),
        ("/api/chat", #""messages":[{"role":"user","content":"refuse me"}]"#),
        ("/api/generate", #""prompt":"too long","stream":false"#), ("/api/generate", #""prompt":"too long""#),
        ("/api/generate", #""prompt":"a","suffix":"b""#),
        ("/api/embed", #""input":"too long","truncate":false"#), ("/api/embed", #""input":"x","dimensions":5"#),
    ]

    private func fixture() throws -> ServerFixture {
        let fixture = try ServerFixture()
        fixture.engine.script.withLock { _ = $0.withoutFillIn.insert("alpha") }
        return fixture
    }

    private func refuse(
        _ caller: Caller, _ path: String, _ members: String, _ keepAlive: String
    ) async throws {
        let answer = try await caller.post(path, #"{"model":"alpha","keep_alive":\#(keepAlive),\#(members)}"#)
        #expect(answer.status == 400, "\(answer.text)")
    }

    @Test(arguments: refusals)
    func `a refused request neither lets a pinned model go, nor pins one`(path: String, members: String) async throws {
        let fixture = try fixture()
        try await fixture.test { caller in
            for (policy, attempt, keepAlive) in [("-1", "0", .forever), ("7", "-1", .after(.seconds(7)))]
                as [(String, String, KeepAlive)]
            {
                _ = try await caller.chat("alpha", "\"keep_alive\":\(policy)")
                try await refuse(caller, path, members, attempt)
                try await fixture.eventually { fixture.status.resident?.activeTurns == 0 }
                #expect(fixture.status.resident?.keepAlive == keepAlive)
                #expect(fixture.status.resident?.state == .ready)
            }
        }
        #expect(!fixture.engine.log.contains("unload alpha"))
    }

    @Test(arguments: refusals, ["0", "-1"])
    func `a load for a refused request has the server's default`(
        refusal: (path: String, members: String), keepAlive: String
    ) async throws {
        let fixture = try fixture()
        try await fixture.test { caller in
            try await refuse(caller, refusal.path, refusal.members, keepAlive)
            try await fixture.eventually { fixture.status.resident?.activeTurns == 0 }
        }
        #expect(fixture.status.resident?.keepAlive == .after(.seconds(300)))
        #expect(fixture.status.resident?.keepAliveSource == .default)
        #expect(!fixture.engine.log.contains { $0.hasPrefix("embed") || $0.hasPrefix("unload") })
    }

    @Test(arguments: ["/v1/chat/completions", "/v1/embeddings"])
    func `while an accepted turn runs, its policy is there`(path: String) async throws {
        let fixture = try ServerFixture()
        fixture.engine.holdTurns(of: "alpha")
        try await fixture.test { caller in
            let body =
                #"{"model":"alpha","keep_alive":"9m","input":"x","messages":[{"role":"user","content":"x"}]}"#
            async let answer = caller.post(path, body)
            try await fixture.eventually { fixture.status.resident?.keepAlive == .after(.seconds(540)) }
            #expect(fixture.status.resident?.activeTurns == 1)
            try await fixture.eventually { fixture.engine.log.last == "embed 1" || fixture.engine.turns.count == 1 }
            fixture.engine.script.withLock { $0.heldTurns = [] }
            fixture.engine.turns.first?.finish()
            #expect(try await answer.status == 200)
        }
    }
}
