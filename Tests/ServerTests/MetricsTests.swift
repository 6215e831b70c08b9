import HTTPTypes
import Metrics
import Residency
import ServiceLifecycle
import Testing

@testable import Inference
@testable import Server

@Suite(.timeLimit(.minutes(1))) struct MetricsTests {
    @Test func `what happened is counted: turns, tokens, loads, swaps, unloads, requests`() async throws {
        try await ServerFixture().test { caller in
            _ = try await caller.chat("alpha")
            _ = try await caller.chat("alpha", #""stream":true"#)
            _ = try await caller.chat("beta")
            _ = try await caller.chat("beta", content: "too long")
            _ = try await caller.get("/nothing/here")
            _ = try await caller.get("/v1/models/alpha")
            let answer = try await caller.get("/metrics")
            #expect(answer.status == 200)
            #expect(answer.header("content-type") == "text/plain; version=0.0.4; charset=utf-8")
            let metrics = ExpositionReader(answer.text)
            #expect(metrics[#"conifer_turns_total{model="alpha",outcome="stop"}"#] == 2)
            #expect(metrics[#"conifer_turns_total{model="beta",outcome="stop"}"#] == 1)
            #expect(metrics[#"conifer_turns_total{model="beta",outcome="refused"}"#] == 1)
            #expect(metrics[#"conifer_prompt_tokens_total{model="alpha"}"#] == 10)
            #expect(metrics[#"conifer_cached_prompt_tokens_total{model="alpha"}"#] == 4)
            #expect(metrics[#"conifer_completion_tokens_total{model="alpha"}"#] == 6)
            #expect(metrics[#"conifer_time_to_first_token_seconds_count{model="alpha"}"#] == 2)
            #expect(metrics[#"conifer_loads_total{model="alpha",outcome="loaded"}"#] == 1)
            #expect(metrics[#"conifer_load_seconds_count{model="beta"}"#] == 1)
            #expect(metrics["conifer_swaps_total"] == 1 && metrics["conifer_swap_seconds_count"] == 1)
            #expect(metrics["conifer_drains_total"] == 0)
            #expect(metrics[#"conifer_unloads_total{model="alpha",reason="swap"}"#] == 1)
            #expect(metrics["conifer_queue_seconds_count"] == 4)
            #expect(metrics["conifer_queued_turns"] == 0 && metrics["conifer_running_turns"] == 0)
            #expect(metrics["conifer_resident_bytes"] == 33)
            #expect((metrics["process_resident_memory_bytes"] ?? 0) > 1_000_000)
            let chat = #"conifer_requests_total{route="/v1/chat/completions",method="POST","#
            #expect(metrics[chat + #"status="200"}"#] == 3 && metrics[chat + #"status="400"}"#] == 1)
            #expect(metrics[#"conifer_requests_total{route="other",method="GET",status="404"}"#] == 1)
            #expect(metrics[#"conifer_requests_total{route="/v1/models/*",method="GET",status="200"}"#] == 1)
        }
    }

    @Test func `the queue, the running turns and a drain are there while they last`() async throws {
        let fixture = try ServerFixture()
        fixture.engine.holdTurns(of: "alpha")
        try await fixture.test { caller in
            async let first = caller.chat("alpha")
            try await fixture.eventually { fixture.engine.turns.count == 1 }
            async let second = caller.chat("beta")
            try await fixture.eventually { fixture.status.queuedTurns == 1 }
            let during = ExpositionReader(try await caller.get("/metrics").text)
            #expect(during["conifer_running_turns"] == 1 && during["conifer_queued_turns"] == 1)
            fixture.engine.turns[0].finish(.length)
            #expect(try await first.status == 200)
            #expect(try await second.status == 200)
            let after = ExpositionReader(try await caller.get("/metrics").text)
            #expect(after["conifer_drains_total"] == 1 && after["conifer_drain_seconds_count"] == 1)
            #expect(after[#"conifer_turns_total{model="alpha",outcome="length"}"#] == 1)
        }
    }

    @Test func `a turn whose client leaves counts as cancelled, one that fails as failed`() async throws {
        let fixture = try ServerFixture()
        fixture.engine.holdTurns(of: "alpha")
        try await LiveServerTests().live(fixture) { port, _ in
            let client = try RawClient(port: port)
            client.chat("alpha", stream: true)
            try await fixture.eventually { fixture.engine.turns.count == 1 }
            for word in ["one ", "two ", "three"] { fixture.engine.turns[0].say(word) }
            _ = try await client.read(until: "three")
            client.leave()
            try await fixture.eventually { fixture.status.resident?.activeTurns == 0 }
            let other = try RawClient(port: port)
            other.chat("alpha", stream: true)
            try await fixture.eventually { fixture.engine.turns.count == 2 }
            fixture.engine.turns[1].tell(.reasoning("hm"))
            // A token whose text was held back comes with the one that releases it.
            let score = TokenLogProbability(token: 1, bytes: [0x31], logProbability: -1)
            fixture.engine.turns[1].say("11", [score, score])
            fixture.engine.turns[1].fail(.engine(reason: "no luck"))
            _ = try await other.read(until: "no luck")
            other.leave()
            try await fixture.eventually { fixture.status.resident?.activeTurns == 0 }
        }
        let metrics = ExpositionReader(fixture.server.service.metrics.text(fixture.status, residentBytes: 0))
        #expect(metrics[#"conifer_turns_total{model="alpha",outcome="cancelled"}"#] == 1)
        #expect(metrics[#"conifer_turns_total{model="alpha",outcome="failed"}"#] == 1)
        #expect(
            metrics[#"conifer_completion_tokens_total{model="alpha"}"#] == 6, "what was generated until then counts")
    }

    @Test func `of a request with several answers, what is complete counts as it says, the rest as it was seen`()
        async throws
    {
        let fixture = try ServerFixture { $0.shutdownGrace = .milliseconds(50) }
        fixture.engine.holdTurns(of: "alpha")
        try await LiveServerTests().live(fixture) { port, group in
            let client = try RawClient(port: port)
            client.post(
                "/v1/chat/completions",
                #"{"model":"alpha","n":2,"stream":true,"messages":[{"role":"user","content":"x"}]}"#)
            try await fixture.eventually { fixture.engine.turns.count == 2 }
            fixture.engine.turns[0].say("first")
            fixture.engine.turns[0].finish()
            _ = try await client.read(until: "finish_reason\":\"stop")
            fixture.engine.turns[1].say("second")
            _ = try await client.read(until: "second")
            await group.triggerGracefulShutdown()
            #expect(try await client.readAll().contains("shutting_down"))
            client.leave()
        }
        let metrics = ExpositionReader(fixture.server.service.metrics.text(fixture.status, residentBytes: 0))
        #expect(metrics[#"conifer_turns_total{model="alpha",outcome="cut"}"#] == 1)
        #expect(metrics[#"conifer_completion_tokens_total{model="alpha"}"#] == 4)
    }

    @Test func `metrics are guarded as every route is`() async throws {
        try await ServerFixture { $0.apiKey = "secret" }.test { caller in
            #expect(try await caller.get("/metrics").status == 401)
            let answer = try await caller.call(.get, "/metrics", headers: [.authorization: "Bearer secret"])
            #expect(answer.status == 200)
        }
    }

    @Test func `labels and helps of any characters are written so that they read back`() {
        let factory = PrometheusFactory([MetricDescription(name: "odd_total", help: "a \\ b\nc")])
        Counter(label: "odd_total", dimensions: [("name", "q\"uo\\te\nline"), ("other", "é{},=")], factory: factory)
            .increment()
        let metrics = ExpositionReader(factory.text)
        #expect(metrics[#"odd_total{name="q\"uo\\te\nline",other="é{},="}"#] == 1)
        #expect(factory.text.hasPrefix("# HELP odd_total a \\\\ b\\nc\n"))
    }

    @Test func `labels are bounded: what comes beyond is counted together`() {
        let factory = PrometheusFactory([])
        for number in 0..<(Limits.metricSeries + 100) {
            Counter(label: "many_total", dimensions: [("model", "m\(number)")], factory: factory).increment()
        }
        let metrics = ExpositionReader(factory.text)
        #expect(metrics.values.count == Limits.metricSeries + 1)
        #expect(metrics[#"many_total{model="other"}"#] == 100)
    }

    @Test func `a value falls into the bucket whose bound it does not exceed`() {
        let factory = PrometheusFactory([MetricDescription(name: "wait_seconds", help: "", buckets: [0.5, 1, 2])])
        let timer = Timer(label: "wait_seconds", factory: factory)
        for nanoseconds in [500_000_000, 500_000_001, 2_000_000_000, 9_000_000_000] as [Int64] {
            timer.recordNanoseconds(nanoseconds)
        }
        let metrics = ExpositionReader(factory.text)
        #expect(metrics[#"wait_seconds_bucket{le="0.5"}"#] == 1)
        #expect(metrics[#"wait_seconds_bucket{le="1"}"#] == 2)
        #expect(metrics[#"wait_seconds_bucket{le="2"}"#] == 3)
        #expect(metrics[#"wait_seconds_bucket{le="+Inf"}"#] == 4)
    }
}
