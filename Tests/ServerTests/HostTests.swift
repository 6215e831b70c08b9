import Testing

@testable import Server

/// Whom a request says it is for, on a real connection.
@Suite(.timeLimit(.minutes(1))) struct HostTests {
    func answer(to head: String, _ change: (inout ServerConfiguration) -> Void = { _ in }) async throws -> String {
        let received = Outcome<String>()
        try await LiveServerTests().live(ServerFixture(change)) { port, _ in
            let client = try RawClient(port: port)
            client.send(head + "\r\nConnection: close\r\n\r\n")
            received.resolve(.success(try await client.readAll()))
            client.leave()
        }
        return try await received.value()
    }

    @Test(arguments: ["localhost", "evil.example"])
    func `two Hosts are a 400, on the network, too`(second: String) async throws {
        let head = "GET /health HTTP/1.1\r\nHost: localhost\r\nHost: \(second)"
        #expect(try await answer(to: head).hasPrefix("HTTP/1.1 400 "))
        #expect(try await answer(to: head) { $0.host = "0.0.0.0" }.hasPrefix("HTTP/1.1 400 "))
    }

    @Test(arguments: [
        ("http://evil.example/health", "localhost"), ("http://evil.example:80/health", "127.0.0.1"),
        ("http://localhost/health", "evil.example"), ("http://localhost@evil.example/health", "localhost"),
        ("http://evil.example?x=/health", "localhost"),
    ])
    func `a target of another host is a 403`(target: String, host: String) async throws {
        let text = try await answer(to: "GET \(target) HTTP/1.1\r\nHost: \(host)")
        #expect(text.hasPrefix("HTTP/1.1 403 ") && text.contains("host_not_allowed") && text.contains("evil.example"))
    }

    @Test(arguments: ["http://localhost/health", "http://127.0.0.1:8080/health?x=1", "HTTP://[::1]/health", "/health"])
    func `a target of this machine is answered`(target: String) async throws {
        #expect(try await answer(to: "GET \(target) HTTP/1.1\r\nHost: localhost").hasPrefix("HTTP/1.1 200 "))
    }
}
