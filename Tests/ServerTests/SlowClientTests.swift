import Residency
import Testing

@testable import Server

/// Clients that send half of what they announced, or do not read what they asked for.
@Suite(.timeLimit(.minutes(1))) struct SlowClientTests {
    static let live = LiveServerTests()

    @Test(arguments: ["", "GET /v1/mod", "GET /v1/models HTTP/1.1\r\n", "GET /v1/models HTTP/1.1\r\nHost: localh"])
    func `a connection without a whole header is closed when the idle timeout has passed`(half: String) async throws {
        let fixture = try ServerFixture { $0.idleTimeout = .milliseconds(200) }
        try await Self.live.live(fixture) { port, _ in
            let client = try RawClient(port: port)
            client.send(half)
            #expect(try await client.readAll() == "")
            client.leave()
        }
    }

    @Test func `a header that comes letter by letter is closed when the idle timeout has passed`() async throws {
        let fixture = try ServerFixture { $0.idleTimeout = .milliseconds(200) }
        try await Self.live.live(fixture) { port, _ in
            let client = try RawClient(port: port)
            client.send("GET /v1/models HTTP/1.1\r\nX-Slow: ")
            try await Self.trickle(client)
        }
    }

    @Test func `half a body is closed when the idle timeout has passed, and nothing is loaded`() async throws {
        let fixture = try ServerFixture { $0.idleTimeout = .milliseconds(200) }
        try await Self.live.live(fixture) { port, _ in
            let client = try RawClient(port: port)
            client.send(
                "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{\"model\"")
            #expect(try await client.readAll() == "")
            client.leave()
        }
        #expect(fixture.engine.log == [])
    }

    @Test(arguments: ["Content-Length: 1000000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n7fffffff\r\n"])
    func `a body that trickles in is closed when its time is over, though it is never idle`(rest: String) async throws {
        let fixture = try ServerFixture { $0.bodyTimeout = .milliseconds(300) }
        try await Self.live.live(fixture) { port, _ in
            let client = try RawClient(port: port)
            client.send("POST /api/chat HTTP/1.1\r\nHost: localhost\r\n\(rest)")
            try await Self.trickle(client)
        }
    }

    @Test func `a body that nobody reads cannot hold its connection either`() async throws {
        let fixture = try ServerFixture { $0.bodyTimeout = .seconds(2) }
        try await Self.live.live(fixture) { port, _ in
            try await Self.trickle(try await Self.refused(port: port))
        }
    }

    /// A client that has its answer and still owes its body. On a machine so busy that the body's time passes before the
    /// answer comes it is closed without one, and asks again; the suite's time limit ends that.
    private static func refused(port: Int) async throws -> RawClient {
        while true {
            let client = try RawClient(port: port)
            client.send("POST /nothing HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n")
            do {
                #expect(try await client.read(until: "not_found").contains("404 Not Found"))
                return client
            } catch is RawClientError {
                client.leave()
            }
        }
    }

    /// Sends a byte now and then until the server closes.
    static func trickle(_ client: RawClient) async throws {
        let sender = Task {
            while !Task.isCancelled {
                client.send("x")
                try await Task.sleep(for: .milliseconds(10))
            }
        }
        _ = try await client.readAll()
        sender.cancel()
        _ = await sender.result
        client.leave()
    }

    @Test func `a long answer is cut by none of these`() async throws {
        let fixture = try ServerFixture {
            $0.idleTimeout = .milliseconds(100)
            $0.bodyTimeout = .milliseconds(100)
            $0.stallTimeout = .milliseconds(100)
        }
        fixture.engine.holdTurns(of: "alpha")
        try await Self.live.live(fixture) { port, _ in
            let client = try RawClient(port: port)
            client.chat("alpha", stream: true)
            // A word every 50 ms: ten of them are five times each limit.
            for _ in 0..<10 { _ = try await client.read(until: ": working\n\n") }
            fixture.engine.turns[0].finish()
            #expect(try await client.read(until: "[DONE]").contains("\"finish_reason\":\"stop\""))
            client.leave()
        }
    }

    @Test func `a client that does not read its answer loses its turn, and the swap goes on`() async throws {
        let fixture = try ServerFixture { $0.stallTimeout = .milliseconds(300) }
        fixture.engine.holdTurns(of: "alpha")
        try await Self.live.live(fixture) { port, _ in
            let client = try RawClient(port: port)
            client.chat("alpha", stream: true)
            try await fixture.eventually { fixture.engine.turns.count == 1 }
            // More than the sockets of both sides hold.
            for _ in 0..<64 { fixture.engine.turns[0].say(String(repeating: "x", count: 1 << 20)) }
            let other = try RawClient(port: port)
            other.chat("beta", stream: false)
            #expect(try await other.read(until: "usage").contains("I am beta"))
            client.leave()
            other.leave()
        }
    }

    @Test func `a client that does not read its answer does not hold up a shutdown`() async throws {
        let fixture = try ServerFixture { $0.shutdownGrace = .milliseconds(50) }
        fixture.engine.holdTurns(of: "alpha")
        try await Self.live.live(fixture) { port, _ in
            let client = try RawClient(port: port)
            client.chat("alpha", stream: true)
            try await fixture.eventually { fixture.engine.turns.count == 1 }
            for _ in 0..<64 { fixture.engine.turns[0].say(String(repeating: "x", count: 1 << 20)) }
            _ = try await client.read(until: "xxx")
        }
        #expect(fixture.engine.log.last == "unload alpha")
    }

    @Test func `a body over the limit is a 413, with or without its length`() async throws {
        let fixture = try ServerFixture { $0.bodyLimit = 100 }
        try await Self.live.live(fixture) { port, _ in
            let announced = try RawClient(port: port)
            announced.send("POST /api/chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: 101\r\n\r\n")
            #expect(try await announced.read(until: "100 bytes").contains("HTTP/1.1 413 "))
            announced.leave()
            let chunked = try RawClient(port: port)
            let chunk = "40\r\n\(String(repeating: "x", count: 64))\r\n"
            chunked.send(
                "POST /api/chat HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n\(chunk)\(chunk)")
            #expect(try await chunked.read(until: "100 bytes").contains("HTTP/1.1 413 "))
            chunked.leave()
        }
        #expect(fixture.engine.log == [])
    }
}
