import Logging
import OrderedJSON
import Residency
import ServiceLifecycle
import Synchronization
import Testing

@testable import Inference
@testable import Server

/// Over a real socket: clients that leave, swaps under running turns, shutdown.
@Suite(.timeLimit(.minutes(1))) struct LiveServerTests {
    /// Runs a server, hands its port to the body, and shuts it down when that is done.
    func live(
        _ fixture: ServerFixture, _ body: @escaping @Sendable (Int, ServiceGroup) async throws -> Void
    ) async throws {
        let port = Outcome<Int>()
        let server = ConiferServer(service: fixture.server.service) { port.resolve(.success($0)) }
        let group = ServiceGroup(services: [server], logger: fixture.server.service.logger)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            do {
                try await body(port.value(), group)
            } catch {
                await group.triggerGracefulShutdown()
                throw error
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    enum Leaving: CaseIterable { case close, reset }

    func leave(_ client: RawClient, _ how: Leaving) {
        switch how {
        case .close: client.leave()
        case .reset: client.reset()
        }
    }

    @Test(arguments: Leaving.allCases, [true, false])
    func `a client that leaves while it is queued frees its place`(how: Leaving, stream: Bool) async throws {
        let fixture = try ServerFixture()
        fixture.engine.holdTurns(of: "alpha")
        try await live(fixture) { port, _ in
            let first = try RawClient(port: port)
            first.chat("alpha", stream: true)
            try await fixture.eventually { fixture.engine.turns.count == 1 }
            let second = try RawClient(port: port)
            second.chat("beta", stream: stream)
            try await fixture.eventually { fixture.status.queuedTurns == 1 }
            leave(second, how)
            try await fixture.eventually { fixture.status.queuedTurns == 0 }
            #expect(fixture.status.resident?.state == .ready)
            fixture.engine.turns[0].finish()
            #expect(try await first.read(until: "[DONE]").contains("\"alpha\""))
            first.leave()
        }
        #expect(!fixture.engine.log.contains("load beta"))
    }

    @Test(arguments: ["Transfer-Encoding: chunked\r\n\r\nZZ\r\n", "Content-Length: 100\r\n\r\n{}"])
    func `a body that breaks off is the client's mistake, not the server's`(rest: String) async throws {
        try await live(ServerFixture()) { port, _ in
            let client = try RawClient(port: port)
            client.send("POST /api/chat HTTP/1.1\r\nHost: localhost\r\n" + rest)
            client.finishSending()
            let answer = try await client.readAll()
            #expect(answer.hasPrefix("HTTP/1.1 400 "))
            #expect(answer.contains(#"{"error":"the body cannot be read to its end"#))
            client.leave()
        }
    }

    @Test(arguments: Leaving.allCases, [true, false])
    func `a load that nobody waits for is given up`(how: Leaving, stream: Bool) async throws {
        let fixture = try ServerFixture()
        fixture.engine.holdLoads(of: "alpha")
        try await live(fixture) { port, _ in
            let client = try RawClient(port: port)
            client.chat("alpha", stream: stream)
            try await fixture.eventually { fixture.status.resident?.loadProgress == 0.5 }
            leave(client, how)
            try await fixture.eventually { fixture.status.resident == nil }
        }
    }

    @Test(arguments: Leaving.allCases, [true, false])
    func `a client that leaves during a silent prefill stops its turn`(how: Leaving, stream: Bool) async throws {
        let fixture = try ServerFixture { $0.heartbeat = .seconds(600) }
        fixture.engine.holdTurns(of: "alpha")
        try await live(fixture) { port, _ in
            let client = try RawClient(port: port)
            client.chat("alpha", stream: stream)
            try await fixture.eventually { fixture.engine.turns.count == 1 }
            leave(client, how)
            try await fixture.eventually { fixture.engine.cancelledTurns == 1 }
            try await fixture.eventually { fixture.status.resident?.activeTurns == 0 }
        }
    }

    @Test(arguments: Leaving.allCases)
    func `a client that leaves in the middle of its answer stops its turn`(how: Leaving) async throws {
        let fixture = try ServerFixture { $0.heartbeat = .seconds(600) }
        fixture.engine.holdTurns(of: "alpha")
        try await live(fixture) { port, _ in
            let client = try RawClient(port: port)
            client.chat("alpha", stream: true)
            try await fixture.eventually { fixture.engine.turns.count == 1 }
            fixture.engine.turns[0].say("so far")
            _ = try await client.read(until: "so far")
            leave(client, how)
            try await fixture.eventually { fixture.engine.cancelledTurns == 1 }
            try await fixture.eventually { fixture.status.resident?.activeTurns == 0 }
        }
    }

    @Test func `a client that leaves during the comments of a load is noticed`() async throws {
        let fixture = try ServerFixture { $0.patience = .milliseconds(100) }
        fixture.engine.holdLoads(of: "alpha")
        try await live(fixture) { port, _ in
            let client = try RawClient(port: port)
            client.chat("alpha", stream: true)
            #expect(try await client.read(until: ": loading alpha").contains("text/event-stream"))
            client.leave()
            try await fixture.eventually { fixture.status.resident == nil }
        }
    }

    @Test func `a long load is told in comments, and what then fails is an event`() async throws {
        let fixture = try ServerFixture { $0.patience = .milliseconds(100) }
        fixture.engine.holdLoads(of: "alpha")
        fixture.engine.script.withLock { $0.brokenLoads["alpha"] = .engine(reason: "no luck") }
        try await live(fixture) { port, _ in
            let client = try RawClient(port: port)
            client.chat("alpha", stream: true)
            let start = try await client.read(until: ": loading alpha 50 %\n\n")
            #expect(start.contains("200 OK") && !start.contains("x-conifer-model"))
            fixture.engine.finishLoad(of: "alpha")
            #expect(try await client.read(until: "data: {\"error\":").contains("no luck"))
            client.leave()
        }
    }

    @Test func `a silent prefill is told in comments`() async throws {
        let fixture = try ServerFixture()
        fixture.engine.holdTurns(of: "alpha")
        try await live(fixture) { port, _ in
            let client = try RawClient(port: port)
            client.chat("alpha", stream: true)
            _ = try await client.read(until: ": working\n\n")
            fixture.engine.turns[0].finish(.length)
            #expect(try await client.read(until: "[DONE]").contains("\"finish_reason\":\"length\""))
            client.leave()
        }
    }

    @Test func `a swap does not cut a running turn`() async throws {
        let fixture = try ServerFixture { $0.patience = .milliseconds(100) }
        fixture.engine.holdTurns(of: "alpha")
        try await live(fixture) { port, _ in
            let first = try RawClient(port: port)
            first.chat("alpha", stream: true)
            try await fixture.eventually { fixture.engine.turns.count == 1 }
            fixture.engine.turns[0].say("one ")
            let second = try RawClient(port: port)
            second.chat("beta", stream: true)
            #expect(try await second.read(until: ": waiting for alpha").contains("200 OK"))
            fixture.engine.turns[0].say("two")
            fixture.engine.turns[0].finish()
            let answer = try await first.read(until: "[DONE]")
            #expect(answer.contains("one ") && answer.contains("two"))
            #expect(try await second.read(until: "[DONE]").contains("\"beta\""))
            first.leave()
            second.leave()
        }
        #expect(
            fixture.engine.log == [
                "check alpha", "load alpha", "check beta", "unload alpha", "load beta", "unload beta",
            ])
    }

    @Test func `one connection carries request after request`() async throws {
        let fixture = try ServerFixture()
        try await live(fixture) { port, _ in
            let client = try RawClient(port: port)
            for model in ["alpha", "beta"] {
                client.chat(model, stream: true)
                #expect(try await client.read(until: "[DONE]").contains("\"model\":\"\(model)\""))
                client.chat(model, stream: false)
                #expect(try await client.read(until: "\"usage\"").contains("I am \(model)"))
            }
            client.leave()
        }
    }

    @Test func `a shutdown lets the turn finish and refuses new ones`() async throws {
        let fixture = try ServerFixture { $0.shutdownGrace = .seconds(30) }
        fixture.engine.holdTurns(of: "alpha")
        try await live(fixture) { port, group in
            let client = try RawClient(port: port)
            client.chat("alpha", stream: true)
            try await fixture.eventually { fixture.engine.turns.count == 1 }
            await group.triggerGracefulShutdown()
            try await fixture.eventually { fixture.status.isShuttingDown }
            // The listening socket closes a moment later.
            try await fixture.eventually { (try? RawClient(port: port)) == nil }
            fixture.engine.turns[0].say("to the end")
            fixture.engine.turns[0].finish()
            #expect(try await client.readAll().contains("[DONE]"))
            client.leave()
        }
        #expect(fixture.engine.log.last == "unload alpha")
    }

    @Test(arguments: [true, false])
    func `a shutdown cuts the turn with an error of its own when the grace is over`(stream: Bool) async throws {
        let fixture = try ServerFixture { $0.shutdownGrace = .milliseconds(50) }
        fixture.engine.holdTurns(of: "alpha")
        try await live(fixture) { port, group in
            let client = try RawClient(port: port)
            client.chat("alpha", stream: stream)
            try await fixture.eventually { fixture.engine.turns.count == 1 }
            await group.triggerGracefulShutdown()
            let answer = try await client.readAll()
            #expect(answer.contains("\"code\":\"shutting_down\""))
            #expect(answer.contains(stream ? "200 OK" : "503 Service Unavailable"))
            client.leave()
        }
        #expect(fixture.engine.cancelledTurns == 1)
        #expect(fixture.engine.log.last == "unload alpha")
    }

    @Test func `a foreign Host is refused before anything else`() async throws {
        let fixture = try ServerFixture()
        try await live(fixture) { port, _ in
            let client = try RawClient(port: port)
            client.send("GET /v1/models HTTP/1.1\r\nHost: evil.example\r\n\r\n")
            #expect(try await client.read(until: "evil.example").contains("403 Forbidden"))
            client.leave()
        }
    }

    @Test func `the health answers during a load`() async throws {
        let fixture = try ServerFixture()
        fixture.engine.holdLoads(of: "alpha")
        try await live(fixture) { port, _ in
            let first = try RawClient(port: port)
            first.chat("alpha", stream: false)
            try await fixture.eventually { fixture.status.resident?.state == .loading }
            let second = try RawClient(port: port)
            second.send("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(try await second.read(until: "loading").contains("200 OK"))
            fixture.engine.finishLoad(of: "alpha")
            #expect(try await first.read(until: "usage").contains("I am alpha"))
            first.leave()
            second.leave()
        }
    }

    @Test(arguments: Leaving.allCases) func `a client that leaves stops its embeddings`(how: Leaving) async throws {
        let fixture = try ServerFixture()
        fixture.engine.holdTurns(of: "alpha")
        try await live(fixture) { port, _ in
            let client = try RawClient(port: port)
            client.post("/v1/embeddings", #"{"model":"alpha","input":["a","b"]}"#)
            try await fixture.eventually { fixture.engine.log.last == "embed 2" }
            leave(client, how)
            try await fixture.eventually { fixture.engine.cancelledTurns == 1 }
            try await fixture.eventually { fixture.status.resident?.activeTurns == 0 }
        }
    }
}
