internal import ArgumentParser
internal import Catalog
internal import Inference
internal import OrderedCollections
internal import OrderedJSON

/// `conifer list`: the registry.
struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the registered models.",
        discussion: """
            With nothing registered, the demonstration models that come inside the executable are listed.

            Examples:
              conifer list
              conifer list --json | jq '.[].name'
            """,
        aliases: ["ls"])

    @Flag(help: "Print one JSON document.")
    var json = false

    func run() throws {
        let models = try Composition.catalog().models
        if json {
            Terminal.line(JSON.array(models.map(\.json)).serialized(.pretty))
            return
        }
        var table = Table([
            ("NAME", .left), ("ARCHITECTURE", .left), ("PARAMETERS", .right), ("QUANTIZATION", .left), ("SIZE", .right),
            ("CONTEXT", .right), ("FILE", .left),
        ])
        for model in models {
            table.append([
                model.name, model.architecture, ParameterCount(model.parameterCount).description, model.quantization,
                ByteCount(model.byteCount).description, model.contextLength.map(String.init) ?? "?",
                model.path ?? "(inside conifer)",
            ])
        }
        Terminal.write(table.text)
    }
}

/// A number of weights as people read it: `3.1M`, `0.6B`.
struct ParameterCount: CustomStringConvertible {
    let count: Int

    init(_ count: Int) {
        self.count = count
    }

    var description: String {
        for (unit, size) in [("B", 1e9), ("M", 1e6), ("K", 1e3)] where Double(count) >= size * 0.5 || unit == "K" {
            let value = (Double(count) / size * 10).rounded() / 10
            return value >= 100 ? "\(Int(value.rounded()))\(unit)" : "\(value)\(unit)"
        }
        return "\(count)"
    }
}

extension ModelReference {
    /// Where the file is; nil for a demonstration model.
    var path: String? {
        guard case .file(let path) = source else { return nil }
        return path
    }

    /// What `list --json` and `show --json` say of a model.
    var json: JSON {
        .object([
            "name": .string(name), "architecture": .string(architecture), "parameters": .integer(Int64(parameterCount)),
            "quantization": .string(quantization), "size": .integer(Int64(clamping: byteCount)),
            "context_length": contextLength.map { .integer(Int64($0)) } ?? .null, "digest": .string(digest),
            "file": path.map { .string($0) } ?? .null, "aliases": .array(aliases.map { .string($0) }),
            "added": added.map { .string($0.text) } ?? .null,
        ])
    }
}
