import Foundation
import OrderedJSON
import TestModels
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Servers with the same home, and the commands that look for one.
@Suite(.timeLimit(.minutes(5)), .serialized) struct SeveralServersTests {
    func notes(_ home: Home) -> [String] { TemporaryFolder.names(in: home.path + "/servers").sorted() }

    func port(_ server: RunningServer) -> String { server.url.split(separator: ":").last.map(String.init) ?? "" }

    /// The name of the model that `conifer ps` shows.
    func shown(_ home: Home) async throws -> JSON? {
        let result = try await ConiferProcess.run("ps", "--json", home: home.path)
        return result.code == 0 ? try JSON(parsing: result.output)["models"]?[0]?["name"] : nil
    }

    @Test func `commands speak to the youngest server, and to the elder one when that has ended`() async throws {
        let home = try await Home.with("a", "b")
        let elder = try await RunningServer(home)
        _ = try await elder.chat("a")
        let younger = try await RunningServer(home)
        _ = try await younger.chat("b")
        #expect(notes(home) == [port(elder) + ".json", port(younger) + ".json"].sorted())
        #expect(try await shown(home) == "b:latest")
        younger.process.signal(SIGTERM)
        #expect(try await younger.process.exit() == 0)
        #expect(notes(home) == [port(elder) + ".json"])
        #expect(try await shown(home) == "a:latest")
        #expect(try await ConiferProcess.run("stop", home: home.path).output.hasPrefix("a is unloaded"))
    }

    @Test func `a server that was killed leaves nothing that misleads`() async throws {
        let home = try await Home.with("a")
        let elder = try await RunningServer(home)
        _ = try await elder.chat("a")
        let younger = try await RunningServer(home)
        younger.process.signal(SIGKILL)
        #expect(try await younger.process.exit() == -SIGKILL)
        #expect(notes(home).count == 2)
        #expect(try await shown(home) == "a:latest")
        #expect(notes(home) == [port(elder) + ".json"])
    }

    @Test func `the note of a process that is another program by now is removed`() async throws {
        let home = try await Home.with("a")
        let server = try await RunningServer(home)
        _ = try await server.chat("a")
        let document: JSON = [
            "url": "http://127.0.0.1:1", "pid": .integer(Int64(ProcessInfo.processInfo.processIdentifier)),
            "started": "9999-01-01T00:00:00.000Z",
        ]
        try TemporaryFolder.write(document.serializedBytes(), to: home.path + "/servers/1.json")
        #expect(try await shown(home) == "a:latest")
        #expect(notes(home) == [port(server) + ".json"])
    }

    @Test func `lines of a JSON log have the date, the time and the zone`() async throws {
        let server = try await RunningServer(Home.with("a"), "--log-format", "json")
        _ = try await server.chat("a")
        try await eventually { server.process.log.contains("\"loaded\"") }
        let lines = server.process.log.split(separator: "\n").compactMap { try? JSON(parsing: String($0)) }
        #expect(!lines.isEmpty)
        for line in lines {
            let time = line["time"]?.stringValue ?? ""
            #expect(try /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/.wholeMatch(in: time) != nil, "\(time)")
        }
    }
}
