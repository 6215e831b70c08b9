import Foundation
import OrderedJSON
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Signals to the real server, and the commands that speak to it.
@Suite(.timeLimit(.minutes(5)), .serialized) struct SignalTests {
    @Test(arguments: [SIGTERM, SIGINT])
    func `a shutdown lets turns finish, then exits with 0`(signal: Int32) async throws {
        let server = try await RunningServer(Home.with("a"), "--shutdown-grace", "10m")
        var turn = try await server.stream("a", tokens: 40_000)
        try await turn.begin()
        server.process.signal(signal)
        // New connections are refused; this one goes on.
        try await eventually { (try? await server.get("/health", url: server.url)) == nil }
        #expect(server.process.isRunning)
        try await turn.finish()
        #expect(turn.isDone && turn.finishReason == "length")
        #expect(try await server.process.exit() == 0)
    }

    @Test func `when the grace is over, turns are cut with an error of their own, and the exit code is 0`() async throws
    {
        let server = try await RunningServer(Home.with("a"), "--shutdown-grace", "200ms")
        var turn = try await server.stream("a", tokens: 100_000)
        try await turn.begin()
        server.process.signal(SIGTERM)
        try? await turn.finish()
        #expect(turn.text.contains("\"code\":\"shutting_down\"") && !turn.isDone)
        #expect(try await server.process.exit() == 0)
    }

    @Test func `a client that does not read does not hold up a shutdown`() async throws {
        let server = try await RunningServer(Home.with("a"), "--shutdown-grace", "100ms")
        var turn = try await server.stream("a", tokens: 100_000)
        try await turn.begin()
        server.process.signal(SIGTERM)
        #expect(try await server.process.exit() == 0)
        try? await turn.finish()
    }

    @Test func `a second signal exits at once`() async throws {
        let server = try await RunningServer(Home.with("a"), "--shutdown-grace", "10m")
        var turn = try await server.stream("a", tokens: 100_000)
        try await turn.begin()
        server.process.signal(SIGTERM)
        try await eventually { server.process.log.contains("shutting down") }
        server.process.signal(SIGTERM)
        #expect(try await server.process.exit() == 130)
        try? await turn.finish()
    }

    @Test func `SIGHUP reads the registry again; a resident model whose entry is gone stays until it is swapped out`()
        async throws
    {
        let home = try await Home.with("a")
        let server = try await RunningServer(home)
        _ = try await server.chat("a")
        try await home.add(home.model("b", seed: 2), as: "b")
        _ = try await ConiferProcess.run("rm", "a", home: home.path)
        server.process.signal(SIGHUP)
        try await eventually {
            try await server.get("/v1/models").json?["data"]?.arrayValue?.compactMap { $0["id"]?.stringValue } == ["b"]
        }
        #expect(try await server.resident?["name"] == "a:latest")
        #expect(try await server.chat("anything").json?["model"] == "a")
        #expect(try await server.chat("b").json?["model"] == "b")
        #expect(try await server.chat("a").json?["model"] == "b", "its name is unknown now")
    }

    @Test func `a registry that cannot be read leaves the catalog as it is`() async throws {
        let home = try await Home.with("a")
        let server = try await RunningServer(home)
        try home.breakRegistry()
        server.process.signal(SIGHUP)
        try await eventually { server.process.log.contains("cannot be read again") }
        #expect(try await server.chat("a").json?["model"] == "a")
    }

    @Test func `ps shows the resident model, stop lets it go`() async throws {
        let home = try await Home.with("a")
        let none = try await ConiferProcess.run("ps", home: home.path)
        #expect(none.code == 1 && none.errors.contains("conifer serve"), "\(none)")
        let server = try await RunningServer(home, "--keep-alive", "10m")
        let empty = try await ConiferProcess.run("ps", home: home.path)
        #expect(empty.code == 0 && empty.output == "no model is resident\n")
        _ = try await server.chat("a")
        let table = try await ConiferProcess.run("ps", home: home.path).output.split(separator: "\n")
        #expect(table.count == 2 && table[0].hasPrefix("NAME  STATE"))
        #expect(table[1].hasPrefix("a     ready") && table[1].hasSuffix("9 minutes from now"), "\(table)")
        let json = try JSON(parsing: await ConiferProcess.run("ps", "--json", home: home.path).output)
        #expect(json["models"]?[0]?["name"] == "a:latest" && json["models"]?[0]?["keep_alive_source"] == "default")
        let slip = try await ConiferProcess.run("stop", "aa", home: home.path)
        #expect(slip.code == 1 && slip.errors.contains("not in the catalog"), "\(slip)")
        #expect(try await server.resident?["name"] == "a:latest")
        let stop = try await ConiferProcess.run("stop", home: home.path)
        #expect(stop.code == 0 && stop.output.hasPrefix("a is unloaded"))
        try await eventually { try await server.resident == nil }
        #expect(try await ConiferProcess.run("stop", home: home.path).output == "no model is resident\n")
        server.process.signal(SIGTERM)
        #expect(try await server.process.exit() == 0)
        #expect(try await ConiferProcess.run("ps", home: home.path).code == 1, "its note is gone with it")
    }
}
