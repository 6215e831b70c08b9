import HTTPTypes
import Testing

@testable import Server

@Suite struct RequestGuardTests {
    func check(
        host: String = "localhost:8080", origin: String? = nil, key: String? = nil, path: String = "/v1/models",
        _ change: (inout ServerConfiguration) -> Void = { _ in }
    ) throws -> String? {
        var configuration = ServerConfiguration()
        change(&configuration)
        var request = HTTPRequest(method: .get, scheme: "http", authority: host, path: path)
        request.headerFields[.origin] = origin
        request.headerFields[.authorization] = key
        let requestGuard = RequestGuard(configuration)
        try requestGuard.check(request, path: path)
        return requestGuard.allowedOrigin(of: request)
    }

    @Test(arguments: [
        "localhost", "LOCALHOST:8080", "127.0.0.1", "127.0.0.1:1", "127.9.8.7:80", "[::1]", "[::1]:8080", "",
    ])
    func `this machine's own names are let in`(host: String) throws {
        #expect(try check(host: host) == nil)
    }

    @Test(arguments: [
        "evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "128.0.0.1", "127.0.0.1.1",
        "[::1].evil.example", "[::2]", "localhost:80:80", "127.0.0.256",
    ])
    func `another Host is a 403 that names it and the flag`(host: String) {
        let error = #expect(throws: ServiceError.self) { try check(host: host) }
        #expect(error?.status == .forbidden)
        #expect(error?.message.contains(host) == true && error?.message.contains("--host") == true)
    }

    @Test func `a server that is open to the network takes any Host`() throws {
        #expect(try check(host: "box.lan:8080") { $0.host = "0.0.0.0" } == nil)
    }

    @Test(arguments: ["http://localhost:3000", "http://127.0.0.1", "https://[::1]:5"])
    func `pages of this machine are let in`(origin: String) throws {
        #expect(try check(origin: origin) == nil)
    }

    @Test(arguments: ["https://evil.example", "null", "http://localhost.evil.example", "chrome-extension://abc"])
    func `a foreign Origin is a 403 that names it and the flag`(origin: String) {
        let error = #expect(throws: ServiceError.self) { try check(origin: origin) }
        #expect(error?.status == .forbidden)
        #expect(error?.message.contains(origin) == true && error?.message.contains("--allow-origin") == true)
    }

    @Test func `an allowed origin is let in and named in the answer`() throws {
        #expect(try check(origin: "https://Good.example") { $0.allowedOrigins = ["https://good.example"] } != nil)
        #expect(try check(origin: "https://any.example") { $0.allowedOrigins = ["*"] } == "https://any.example")
    }

    @Test func `with a key, only its bearers are let in, and the health can be asked for`() throws {
        for key in [nil, "Bearer wrong", "secret", "Bearer ", "Basic secret", "Bearer secretx"] {
            let error = #expect(throws: ServiceError.self) { try check(key: key) { $0.apiKey = "secret" } }
            #expect(error?.status == .unauthorized)
        }
        #expect(try check(key: "Bearer secret") { $0.apiKey = "secret" } == nil)
        #expect(try check(key: "bearer secret") { $0.apiKey = "secret" } == nil)
        #expect(try check(path: "/health") { $0.apiKey = "secret" } == nil)
    }
}
