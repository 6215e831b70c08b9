import OrderedJSON
import Residency
import Testing

@testable import Server

/// Every kind of `keep_alive` value on every endpoint that runs a model.
@Suite(.timeLimit(.minutes(1))) struct KeepAliveRouteTests {
    static let endpoints = ["/api/chat", "/api/generate", "/api/embed", "/api/embeddings", "/v1/chat/completions"]

    static let windows: [(value: String, window: KeepAlive)] = [
        ("300", .after(.seconds(300))), ("3e2", .after(.seconds(300))), ("300.0", .after(.seconds(300))),
        ("300.5", .after(.milliseconds(300_500))), ("45.5", .after(.milliseconds(45_500))),
        (#""5m""#, .after(.seconds(300))), (#""+5m""#, .after(.seconds(300))), (#""1h30m""#, .after(.seconds(5_400))),
        (#""30m1h""#, .after(.seconds(5_400))), (#""5m5m""#, .after(.seconds(600))),
        (#""1.5h""#, .after(.seconds(5_400))), (#""90000ms""#, .after(.seconds(90))),
        (#""300""#, .after(.seconds(300))), ("-1", .forever), ("-1.0", .forever), ("-0.5", .forever),
        (#""-1""#, .forever), (#""-1s""#, .forever), (#""-1m""#, .forever), (#""-1h30m""#, .forever),
        ("9.3e9", .forever), (#""2562048h""#, .forever),
    ]

    static let zeros = [
        "0", "-0", "0.0", "1e-10", #""0""#, #""0s""#, #""+0""#, #""-0""#, #""-0s""#,
    ]

    static let errors = [
        #""""#, #"" 5m""#, #""5m ""#, #""5 m""#, #""5 minutes""#, #""1d""#, #""5M""#, #""1m30""#, #""1h-1m""#,
        #""forever""#, #""inf""#, "true", "false", "[]", "{}", "1e400",
    ]

    /// A body that runs a turn, whichever endpoint reads it.
    static func body(_ keepAlive: String?) -> String {
        #"{"model":"alpha","prompt":"x","input":"x","messages":[{"role":"user","content":"x"}],"stream":false"#
            + (keepAlive.map { #","keep_alive":\#($0)"# } ?? "") + "}"
    }

    @Test(arguments: endpoints)
    func `a value replaces the policy, null and nothing leave it`(endpoint: String) async throws {
        let fixture = try ServerFixture()
        try await fixture.test { caller in
            for (value, window) in Self.windows {
                try await caller.succeed(endpoint, Self.body("7"))
                try await caller.succeed(endpoint, Self.body(value))
                #expect(fixture.status.resident?.keepAlive == window, "\(value)")
                #expect(fixture.status.resident?.keepAliveSource == .request)
                for silent in [nil, "null"] {
                    try await caller.succeed(endpoint, Self.body(silent))
                    #expect(fixture.status.resident?.keepAlive == window, "\(value)")
                }
            }
        }
    }

    @Test(arguments: endpoints)
    func `a load without a value has the server's default`(endpoint: String) async throws {
        let fixture = try ServerFixture()
        try await fixture.test { caller in
            try await caller.succeed(endpoint, Self.body(nil))
            #expect(fixture.status.resident?.keepAlive == .after(.seconds(300)))
            #expect(fixture.status.resident?.keepAliveSource == .default)
        }
    }

    @Test(arguments: endpoints, zeros)
    func `zero unloads when the turn is over`(endpoint: String, value: String) async throws {
        let fixture = try ServerFixture()
        try await fixture.test { caller in
            try await caller.succeed(endpoint, Self.body(value))
            try await fixture.eventually { fixture.status.resident == nil }
        }
        #expect(fixture.engine.log.last == "unload alpha")
    }

    @Test(arguments: endpoints)
    func `anything else is refused, loads nothing and leaves the policy`(endpoint: String) async throws {
        let fixture = try ServerFixture()
        try await fixture.test { caller in
            for value in Self.errors {
                let answer = try await caller.post(endpoint, Self.body(value))
                #expect(answer.status == 400, "\(value)")
                let error = answer.json?["error"]
                let message = error?.stringValue ?? error?["message"]?.stringValue
                #expect(message?.isEmpty == false, "\(value)")
            }
            #expect(fixture.engine.log == [])
            _ = try await caller.post(endpoint, Self.body("7"))
            for value in Self.errors { #expect(try await caller.post(endpoint, Self.body(value)).status == 400) }
            #expect(fixture.status.resident?.keepAlive == .after(.seconds(7)))
        }
    }

    @Test(arguments: endpoints)
    func `options are read where the top level is silent`(endpoint: String) async throws {
        let fixture = try ServerFixture()
        try await fixture.test { caller in
            let nested = String(Self.body(nil).dropLast()) + #","options":{"keep_alive":"9m"}}"#
            try await caller.succeed(endpoint, nested)
            #expect(fixture.status.resident?.keepAlive == .after(.seconds(540)))
            let both = String(Self.body("8").dropLast()) + #","options":{"keep_alive":"9m"}}"#
            try await caller.succeed(endpoint, both)
            #expect(fixture.status.resident?.keepAlive == .after(.seconds(8)))
        }
    }
}
