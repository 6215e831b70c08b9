internal import OrderedJSON
internal import Synchronization

/// Finds the `conifer serve` that runs on this machine.
///
/// Every server leaves a note of its address in conifer's folder; the youngest that answers is taken. Where `CONIFER_HOST`
/// or `CONIFER_PORT` is set, or no note is there, the address is the one that `serve` would listen on.
enum ServerLocator {
    static let defaultHost = "127.0.0.1"
    static let defaultPort = 8080

    private static var notes: ServerNotes { ServerNotes(folder: Composition.home + "/servers") }
    /// The note of this process.
    private static let own = Mutex<ServerNote?>(nil)

    /// The server, if one answers.
    static func running() async throws -> ServerClient? {
        let fallback = EnvironmentFallback()
        let host = try fallback.value(nil as String?, "host")
        let port = try fallback.value(nil as Int?, "port")
        let key = try fallback.value(nil as String?, "api-key")
        let standard = url(host: host ?? defaultHost, port: port ?? defaultPort)
        let noted = host == nil && port == nil ? notes.addresses() : []
        for address in noted.isEmpty ? [standard] : noted {
            let client = ServerClient(url: address, apiKey: key)
            // Whatever else answers there is none of ours.
            if let health = try? await client.get("/health"), health["server"]?.stringValue == "conifer" {
                return client
            }
        }
        return nil
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
    static func note(_ url: String, port: Int) throws {
        let note = try notes.leave(url: url, port: port)
        own.withLock { $0 = note }
    }

    /// Takes this process's note away.
    static func removeNote() {
        own.withLock { note in
            note?.remove()
            note = nil
        }
    }
}
