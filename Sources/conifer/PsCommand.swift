internal import ArgumentParser
internal import Foundation
internal import Inference
internal import OrderedCollections
internal import OrderedJSON

/// `conifer ps`: what is resident on the running server.
struct PsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ps",
        abstract: "Show the resident model of the running server.",
        discussion: """
            Examples:
              conifer ps
              conifer ps --json | jq .models
            """)

    @Flag(help: "Print the server's answer as it is.")
    var json = false

    func run() async throws {
        let server = try await ServerLocator.required()
        guard let answer = try await server.get("/api/ps") else {
            throw CommandError("the server at \(server.url) has just gone: start it again with 'conifer serve'")
        }
        if json {
            Terminal.line(answer.serialized(.pretty))
            return
        }
        let models = answer["models"]?.arrayValue ?? []
        if models.isEmpty {
            Terminal.line("no model is resident")
            return
        }
        var table = Table([
            ("NAME", .left), ("STATE", .left), ("TURNS", .right), ("QUEUED", .right), ("MEMORY", .right),
            ("CONTEXT", .right), ("UNTIL", .left),
        ])
        for model in models {
            table.append([
                Self.name(of: model) ?? "?", Self.state(of: model),
                String(model["active_turns"]?.integerValue ?? 0), String(model["queued_turns"]?.integerValue ?? 0),
                ByteCount(UInt64(clamping: model["size"]?.integerValue ?? 0)).description,
                String(model["context_length"]?.integerValue ?? 0), Self.until(model),
            ])
        }
        Terminal.write(table.text)
    }

    /// The name as `conifer list` has it: `/api/ps` gives it the tag that Ollama's clients expect.
    static func name(of model: JSON) -> String? {
        guard let name = model["name"]?.stringValue else { return nil }
        return name.hasSuffix(":latest") ? String(name.dropLast(":latest".count)) : name
    }

    private static func state(of model: JSON) -> String {
        let state = model["state"]?.stringValue ?? "?"
        guard state == "loading", let progress = model["load_progress"]?.doubleValue else { return state }
        return "loading \(Int(progress * 100)) %"
    }

    /// How long the model stays: `pinned`, `4 minutes from now`.
    static func until(_ model: JSON) -> String {
        if model["pinned"]?.boolValue == true {
            return "pinned"
        }
        guard let seconds = model["idle_remaining_seconds"]?.doubleValue else {
            return model["keep_alive"]?.stringValue.map { "\($0) after the last turn" } ?? ""
        }
        let units: [(size: Double, name: String)] = [(3600, "hour"), (60, "minute"), (1, "second")]
        for unit in units where seconds >= unit.size || unit.size == 1 {
            let count = Int((seconds / unit.size).rounded(.down))
            return "\(count) \(unit.name)\(count == 1 ? "" : "s") from now"
        }
        return ""
    }
}

/// `conifer stop`: unloads the resident model.
struct StopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop",
        abstract: "Unload the resident model of the running server, once its turns have ended.",
        discussion: """
            Examples:
              conifer stop
              conifer stop qwen3-0.6b-q4_k_m
            """)

    @Argument(help: "The model to unload. (default: whatever is resident)")
    var name: String?

    func run() async throws {
        let server = try await ServerLocator.required()
        let resident = try await server.get("/api/ps")?["models"]?.arrayValue?.first
        guard let model = resident.flatMap(PsCommand.name) else {
            Terminal.line("no model is resident")
            return
        }
        // An unknown name would mean the resident model to the server; here it is most likely a slip.
        if let name, name != model, let other = try await Self.known(name, server), other != model {
            Terminal.line("\(other) is not resident; \(model) is")
            return
        }
        _ = try await server.post("/api/generate", ["model": .string(model), "keep_alive": 0, "stream": false])
        Terminal.line("\(model) is unloaded, or will be when its turns have ended")
    }

    /// The catalog's own name of a model.
    /// - Throws: the server's words about a name that it does not know.
    private static func known(_ name: String, _ server: ServerClient) async throws -> String? {
        var allowed = CharacterSet.urlPathAllowed
        allowed.remove(charactersIn: "/;")
        let encoded = name.addingPercentEncoding(withAllowedCharacters: allowed) ?? name
        return try await server.get("/v1/models/\(encoded)")?["id"]?.stringValue
    }
}
