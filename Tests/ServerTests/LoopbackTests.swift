import Logging
import ServiceLifecycle
import Testing

@testable import Server

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// `localhost` is two addresses, and clients differ in which they try first.
@Suite(.timeLimit(.minutes(1))) struct LoopbackTests {
    /// Whether this machine has `::1`.
    static let hasIPv6: Bool = {
        guard let listener = try? RawListener(address: .ipv6, port: 0) else { return false }
        listener.close()
        return true
    }()

    @Test(.enabled(if: LoopbackTests.hasIPv6, "this machine has no ::1"), arguments: ["127.0.0.1", "localhost"])
    func `both loopback addresses answer on the same port`(host: String) async throws {
        let fixture = try ServerFixture { $0.host = host }
        try await LiveServerTests().live(fixture) { port, _ in
            for address in RawAddress.allCases {
                let client = try RawClient(port: port, address: address)
                client.send("GET /health HTTP/1.1\r\nHost: \(address == .ipv6 ? "[::1]" : "127.0.0.1"):\(port)\r\n\r\n")
                #expect(try await client.read(until: "conifer").contains("200 OK"))
                client.leave()
            }
        }
    }

    @Test(.enabled(if: LoopbackTests.hasIPv6, "this machine has no ::1"))
    func `another address is served alone`() async throws {
        let fixture = try ServerFixture { $0.host = "::1" }
        try await LiveServerTests().live(fixture) { port, _ in
            let client = try RawClient(port: port, address: .ipv6)
            client.send("GET /health HTTP/1.1\r\nHost: [::1]\r\n\r\n")
            #expect(try await client.read(until: "conifer").contains("200 OK"))
            client.leave()
            #expect(throws: RawClientError.self) { try RawClient(port: port) }
        }
    }

    @Test(.enabled(if: LoopbackTests.hasIPv6, "this machine has no ::1"))
    func `a port that another program has on IPv6 does not keep the server from IPv4`() async throws {
        let listener = try RawListener(address: .ipv6, port: 0)
        defer { listener.close() }
        let fixture = try ServerFixture { $0.port = listener.port }
        try await LiveServerTests().live(fixture) { port, _ in
            #expect(port == listener.port)
            let client = try RawClient(port: port)
            client.send("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(try await client.read(until: "conifer").contains("200 OK"))
            client.leave()
        }
    }

    @Test func `a port that is taken on IPv4 ends the server with an error`() async throws {
        let listener = try RawListener(address: .ipv4, port: 0)
        defer { listener.close() }
        let fixture = try ServerFixture { $0.port = listener.port }
        let server = ConiferServer(service: fixture.server.service) { _ in }
        await #expect(throws: (any Error).self) {
            try await ServiceGroup(services: [server], logger: fixture.server.service.logger).run()
        }
    }
}
