import Catalog
import HummingbirdTesting
import Logging
import OrderedJSON
import Residency
import Testing

@testable import Inference
@testable import Server

/// Streams that begin before their lease is there: the head says nothing that might turn out otherwise.
@Suite(.timeLimit(.minutes(1))) struct LateLeaseTests {
    @Test(arguments: ["alpha", "gpt-4o"])
    func `a head that is sent before the lease names no model, and the fallback if there is one`(name: String)
        async throws
    {
        let fixture = try ServerFixture { $0.patience = .milliseconds(100) }
        fixture.engine.holdLoads(of: "alpha")
        try await LiveServerTests().live(fixture) { port, _ in
            let client = try RawClient(port: port)
            client.chat(name, stream: true)
            let start = try await client.read(until: ": loading alpha 50 %\n\n")
            #expect(start.contains("200 OK") && !start.contains("x-conifer-model"))
            #expect(start.contains("x-conifer-fallback: unknown-model") == (name == "gpt-4o"))
            fixture.engine.finishLoad(of: "alpha")
            #expect(try await client.read(until: "[DONE]").contains("\"model\":\"alpha\""))
            client.leave()
        }
    }

    /// One stream waits behind a turn of alpha for beta, which leaves the catalog meanwhile: alpha answers.
    private func streamWhoseEntryIsRemoved(_ fixture: ServerFixture, port: Int, begun: Bool) async throws -> String {
        fixture.engine.holdTurns(of: "alpha")
        let first = try RawClient(port: port)
        first.chat("alpha", stream: false)
        try await fixture.eventually { fixture.engine.turns.count == 1 }
        let second = try RawClient(port: port)
        second.chat("beta", stream: true)
        var received = begun ? try await second.read(until: ": waiting for alpha") : ""
        try await fixture.eventually { fixture.status.queuedTurns == 1 }
        fixture.server.replaceCatalog(try ServerFixture.catalog(["alpha"]))
        try await fixture.eventually { fixture.engine.turns.count == 2 }
        for turn in fixture.engine.turns { turn.finish() }
        received += try await second.read(until: "[DONE]")
        first.leave()
        second.leave()
        return received
    }

    @Test func `a stream that has begun when its entry is removed never said another model's name`() async throws {
        let fixture = try ServerFixture { $0.patience = .milliseconds(100) }
        try await LiveServerTests().live(fixture) { port, _ in
            let text = try await streamWhoseEntryIsRemoved(fixture, port: port, begun: true)
            #expect(!text.contains("x-conifer-model") && text.contains("\"model\":\"alpha\""))
        }
    }

    @Test func `a stream that has not begun when its entry is removed says who answers, and that it is a fallback`()
        async throws
    {
        let fixture = try ServerFixture()
        try await LiveServerTests().live(fixture) { port, _ in
            let text = try await streamWhoseEntryIsRemoved(fixture, port: port, begun: false)
            #expect(text.contains("x-conifer-model: alpha") && text.contains("x-conifer-fallback: unknown-model"))
        }
    }

    @Test(arguments: [true, false])
    func `the log says of an unknown name what will answer, whether or not anything is resident`(isResident: Bool)
        async throws
    {
        let log = CapturedLog()
        let logger = Logger(label: "test") { _ in CapturingLogHandler(log: log) }
        let server = ConiferServer(
            configuration: ServerConfiguration(port: 0), catalog: try ServerFixture.catalog(["alpha"]),
            engine: FakeEngine(), logger: logger)
        let names = isResident ? ["alpha", "gpt-4o", "gpt-4o"] : ["gpt-4o", "gpt-4o"]
        try await server.application().test(.router) { client in
            for name in names { _ = try await Caller(client: client).chat(name) }
        }
        let lines = log.lines.filter { $0.contains("gpt-4o") }
        #expect(
            lines == [
                "notice a request names no model of the catalog; the resident one answers, "
                    + "else the default one, if any name=\"gpt-4o\""
            ])
    }
}
