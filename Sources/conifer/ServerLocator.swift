internal import Foundation
internal import OrderedCollections
internal import OrderedJSON

/// Finds the `conifer serve` that runs on this machine.
///
/// A server leaves a note of its address in conifer's folder. Where `CONIFER_HOST` or `CONIFER_PORT` is set, or no note
/// is there, the address is the one that `serve` would listen on.
enum ServerLocator {
    static let defaultHost = "127.0.0.1"
    static let defaultPort = 8080

    private static var notePath: String { Composition.home + "/server.json" }

    /// The server, if one answers.
    static func running() async throws -> ServerClient? {
        let fallback = EnvironmentFallback()
        let host = try fallback.value(nil as String?, "host")
        let port = try fallback.value(nil as Int?, "port")
        let key = try fallback.value(nil as String?, "api-key")
        let standard = url(host: host ?? defaultHost, port: port ?? defaultPort)
        let address = host == nil && port == nil ? noted() ?? standard : standard
        let client = ServerClient(url: address, apiKey: key)
        return try await client.get("/health")?["server"]?.stringValue == "conifer" ? client : nil
    }

    /// The server, or an error that says how to start one.
    static func required() async throws -> ServerClient {
        guard let client = try await running() else {
            throw CommandError("no conifer server is running here: start one with 'conifer serve'")
        }
        return client
    }

    /// `http://HOST:PORT`, an IPv6 address in brackets.
    static func url(host: String, port: Int) -> String {
        "http://\(host.contains(":") ? "[\(host)]" : host):\(port)"
    }

    /// Leaves a note that a server of this process listens there.
    static func note(_ url: String) throws {
        try FileManager.default.createDirectory(atPath: Composition.home, withIntermediateDirectories: true)
        let note = JSON.object([
            "url": .string(url), "pid": .integer(Int64(ProcessInfo.processInfo.processIdentifier)),
        ])
        try Data(note.serialized().utf8).write(to: URL(fileURLWithPath: notePath), options: .atomic)
    }

    /// Takes the note away, if it is this process's own.
    static func removeNote() {
        guard let note = readNote(),
            note["pid"]?.integerValue == Int(ProcessInfo.processInfo.processIdentifier)
        else { return }
        try? FileManager.default.removeItem(atPath: notePath)
    }

    private static func noted() -> String? {
        readNote()?["url"]?.stringValue
    }

    private static func readNote() -> JSON? {
        guard let bytes = FileManager.default.contents(atPath: notePath) else { return nil }
        return try? JSON(parsing: bytes)
    }
}
