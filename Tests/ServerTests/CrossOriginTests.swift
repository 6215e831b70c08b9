import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import Server

/// What browsers are told about pages of other origins.
@Suite(.timeLimit(.minutes(1))) struct CrossOriginTests {
    static let page = "https://page.example"

    func preflight(_ wanted: String?, origin: String = page) async throws -> Caller.Answer {
        var headers: HTTPFields = [.origin: origin, .accessControlRequestMethod: "POST"]
        headers[.accessControlRequestHeaders] = wanted
        let fields = headers
        return try await ServerFixture { $0.allowedOrigins = [Self.page] }.test {
            try await $0.call(.options, "/v1/chat/completions", headers: fields)
        }
    }

    @Test(arguments: ["authorization,content-type,x-stainless-lang,x-stainless-retry-count", "x-a, x-b", "x-a"])
    func `the fields that a page asks for are allowed`(list: String) async throws {
        let answer = try await preflight(list)
        #expect(answer.status == 204 && answer.header("access-control-allow-origin") == Self.page)
        let allowed = answer.header("access-control-allow-headers")?.replacing(", ", with: ",")
        #expect(allowed == list.replacing(", ", with: ","))
    }

    @Test(arguments: [nil, "x-a; y", "x-a,,x-b", "x y", "\"x\"", String(repeating: "x", count: 5_000)])
    func `what is no list of fields is answered with the usual ones`(list: String?) async throws {
        let answer = try await preflight(list)
        #expect(answer.status == 204)
        #expect(answer.header("access-control-allow-headers") == "authorization, content-type, x-api-key")
    }

    @Test func `a page may read what conifer adds to answers`() async throws {
        let answer = try await ServerFixture { $0.allowedOrigins = [Self.page] }.test {
            try await $0.call(
                .post, "/v1/chat/completions", #"{"messages":[{"role":"user","content":"x"}]}"#,
                headers: [.origin: Self.page])
        }
        #expect(answer.status == 200 && answer.header("x-conifer-model") == "alpha")
        let exposed = answer.header("access-control-expose-headers") ?? ""
        for name in ["x-conifer-model", "x-conifer-fallback", "x-should-retry", "retry-after"] {
            #expect(exposed.split(separator: ", ").contains { $0 == name })
        }
    }

    @Test(arguments: [("/v1/models", 401), ("/nowhere", 401), ("/health", 200)])
    func `a page can read why it is refused`(path: String, status: Int) async throws {
        let answer = try await ServerFixture { configuration in
            configuration.allowedOrigins = [Self.page]
            configuration.apiKey = "secret"
        }.test { try await $0.call(.get, path, headers: [.origin: Self.page]) }
        #expect(answer.status == status && answer.header("access-control-allow-origin") == Self.page)
        #expect(answer.header("vary")?.contains("Origin") == true)
    }

    @Test(arguments: ["https://stranger.example", "http://localhost:3000"])
    func `an origin that no flag allows is named in no answer`(origin: String) async throws {
        for answer in [
            try await preflight("x-a", origin: origin),
            try await ServerFixture().test { try await $0.call(.get, "/v1/models", headers: [.origin: origin]) },
        ] {
            #expect(answer.header("access-control-allow-origin") == nil)
            #expect(answer.header("access-control-expose-headers") == nil)
        }
    }
}
