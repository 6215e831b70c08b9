import Foundation
import OrderedJSON
import Testing

/// Loads, swaps, drains and unloads of the real server.
@Suite(.timeLimit(.minutes(5)), .serialized) struct SlotTests {
    @Test func `a swap never cuts a turn`() async throws {
        let server = try await RunningServer(Home.with("a", "b"))
        var turn = try await server.stream("a", tokens: 40_000, #""stream_options":{"include_usage":true}"#)
        try await turn.begin()
        let swap = Task { try await server.chat("b") }
        try await eventually { try await server.resident?["state"] == "draining" }
        #expect(try await server.resident?["name"] == "a:latest")
        try await turn.finish()
        #expect(turn.isDone && turn.events.last?["usage"]?["completion_tokens"] == 40_000)
        #expect(try await swap.value.json?["model"] == "b")
        let log = server.process.log
        for line in ["draining before a swap", "drained", "unloaded", "loaded", "swapped"] {
            #expect(log.contains(line), "no line says '\(line)': \(log)")
        }
        let swapped = log.split(separator: "\n").first { $0.contains("swapped") } ?? ""
        #expect(swapped.contains("from=a") && swapped.contains("seconds=") && swapped.contains("bytes="))
    }

    @Test func `a client that leaves ends its turn, and the swap that waited goes on`() async throws {
        let server = try await RunningServer(Home.with("a", "b"))
        let reader = Task {
            var turn = try await server.stream("a", tokens: 100_000)
            try await turn.finish()
        }
        try await eventually { try await server.resident?["active_turns"] == 1 }
        let swap = Task { try await server.chat("b") }
        try await eventually { try await server.resident?["queued_turns"] == 1 }
        reader.cancel()
        #expect(try await swap.value.json?["model"] == "b")
        _ = await reader.result
    }

    @Test func `a client that leaves while it is queued frees its place, and one more than the queue holds is refused`()
        async throws
    {
        let server = try await RunningServer(Home.with("a", "b"), "--max-queue", "1")
        let reader = Task {
            var turn = try await server.stream("a", tokens: 100_000)
            try await turn.finish()
        }
        try await eventually { try await server.resident?["active_turns"] == 1 }
        let waiting = Task { try await server.chat("b") }
        try await eventually { try await server.resident?["queued_turns"] == 1 }
        let refused = try await server.chat("b")
        #expect(refused.status == 503)
        #expect(refused.header("retry-after").flatMap { Int($0) } ?? 0 > 0)
        #expect(refused.json?["error"]?["message"]?.stringValue?.contains("queue is full") == true)
        waiting.cancel()
        try await eventually { try await server.resident?["queued_turns"] == 0 }
        let resident = try await server.resident
        #expect(resident?["state"] == "ready" && resident?["active_turns"] == 1, "the turn that runs goes on")
        reader.cancel()
        _ = await (waiting.result, reader.result)
    }

    @Test func `the reaper comes when the window has passed, and no more than a second later`() async throws {
        let server = try await RunningServer(Home.with("a"))
        let clock = ContinuousClock()
        let before = clock.now
        _ = try await server.chat("a", #""keep_alive":"1500ms""#)
        let after = clock.now
        try await eventually { try await server.resident == nil }
        #expect(before.duration(to: clock.now) >= .milliseconds(1_500))
        // A second by promise; two more are what a busy test machine may lose.
        #expect(after.duration(to: clock.now) <= .milliseconds(4_500))
    }

    @Test func `zero unloads at once, a pin stays, and the last request wins`() async throws {
        let server = try await RunningServer(Home.with("a"), "--keep-alive", "0")
        _ = try await server.chat("a")
        try await eventually { try await server.resident == nil }
        _ = try await server.chat("a", #""keep_alive":-1"#)
        let pinned = try await server.resident
        #expect(pinned?["pinned"] == true && pinned?["keep_alive_source"] == "request")
        _ = try await server.chat("a")
        #expect(try await server.resident?["pinned"] == true, "a request without a value leaves the pin")
        _ = try await server.chat("a", #""keep_alive":"0s""#)
        try await eventually { try await server.resident == nil }
    }

    @Test func `a pin by flag reads as one types it`() async throws {
        let server = try await RunningServer(Home.with("a"), "--keep-alive", "-1")
        _ = try await server.chat("a")
        let resident = try await server.resident
        #expect(resident?["pinned"] == true && resident?["keep_alive_source"] == "default")
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/self/status"), "no /proc here"))
    func `the memory is back after an unload`() async throws {
        let home = try Home()
        // 96 MiB of weights.
        try await home.add(home.largeModel("large", layers: 8), as: "large")
        let server = try await RunningServer(home)
        _ = try await server.get("/v1/models")
        let before = try #require(server.process.residentBytes)
        _ = try await server.chat("large", tokens: 32)
        let during = try #require(server.process.residentBytes)
        #expect(during > before + 80 << 20, "the weights were never in memory")
        _ = try await server.post("/api/generate", #"{"model":"large","keep_alive":0}"#)
        try await eventually { try await server.resident == nil }
        let after = try #require(server.process.residentBytes)
        #expect(after < before + 64 << 20)
        print("resident set: \(before >> 20) MiB before, \(during >> 20) loaded, \(after >> 20) after")
    }

    @Test func `metrics tell of the swap`() async throws {
        let server = try await RunningServer(Home.with("a", "b"))
        _ = try await server.chat("a")
        _ = try await server.chat("b")
        let text = try await server.get("/metrics").text
        #expect(text.contains("\nconifer_swaps_total 1\n"))
        #expect(text.contains("\nconifer_completion_tokens_total{model=\"b\"} 4\n"))
    }
}
