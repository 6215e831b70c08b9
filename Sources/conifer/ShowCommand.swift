internal import ArgumentParser
internal import Catalog
internal import GGUF
internal import Inference
internal import OrderedCollections
internal import OrderedJSON

/// `conifer show`: what a model is and what it needs.
struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a model's metadata, tensors and memory need.",
        discussion: """
            Examples:
              conifer show qwen3-0.6b-q4_k_m
              conifer show model.gguf --context 8192
              conifer show model.gguf --json | jq .metadata
            """)

    @Argument(help: "A model's name, or a GGUF file.")
    var model: String

    @Option(help: "Context length to compute the memory need for. (default: the model's, cut to what fits)")
    var context: Int?

    @Option(help: "The budget to hold the need against: '4GiB'. (default: what the machine leaves)")
    var memoryBudget: MemorySize?

    @Flag(help: "Print one JSON document.")
    var json = false

    func run() throws {
        let reference = try Composition.model(model)
        let file = try reference.open()
        let fit = Fit(file, name: reference.name, context: context, budget: memoryBudget?.bytes)
        if json {
            var document = reference.json.objectValue ?? [:]
            document["memory"] = fit.json
            document["tensor_types"] = .object(
                .init(uniqueKeysWithValues: Self.tensorTypes(file).map { ($0.name, .integer(Int64($0.count))) }))
            document["metadata"] = .object(
                .init(uniqueKeysWithValues: file.metadata.keys.map { ($0, Self.json(file.metadata[$0])) }))
            Terminal.line(JSON.object(document).serialized(.pretty))
            return
        }
        var table = Table([("MODEL", .left), (reference.name, .left)])
        table.append(["architecture", reference.architecture])
        table.append(["parameters", ParameterCount(reference.parameterCount).description])
        table.append(["quantization", reference.quantization])
        table.append(["size", ByteCount(reference.byteCount).description])
        table.append(["context", reference.contextLength.map(String.init) ?? "?"])
        table.append(["file", reference.path ?? "(inside conifer)"])
        table.append(["digest", reference.digest])
        table.append(["tensors", Self.tensorTypes(file).map { "\($0.count) \($0.name)" }.joined(separator: ", ")])
        for row in fit.rows {
            table.append(row)
        }
        Terminal.write(table.text + "\n")
        var metadata = Table([("METADATA", .left), ("", .left)])
        for key in file.metadata.keys where key != MetadataKey.chatTemplate {
            metadata.append([key, Self.text(file.metadata[key])])
        }
        Terminal.write(metadata.text)
        if let template = file.metadata.string(MetadataKey.chatTemplate) {
            Terminal.line("\nCHAT TEMPLATE\n\(template)")
        }
    }

    private static func tensorTypes(_ file: GGUFFile) -> [(name: String, count: Int)] {
        Dictionary(grouping: file.tensors, by: \.type).map { ($0.key.name, $0.value.count) }
            .sorted { ($1.count, $0.name) < ($0.count, $1.name) }
    }

    private static func text(_ value: MetadataValue?) -> String {
        if case .array(let array) = value {
            return "\(array.count) values"
        }
        return json(value).stringValue ?? json(value).serialized()
    }

    /// A value as JSON; of a long array only its length, since a vocabulary would drown the rest.
    private static func json(_ value: MetadataValue?) -> JSON {
        guard let value else { return .null }
        if case .array(let array) = value {
            return array.count > 64
                ? .object(["count": .integer(Int64(array.count))]) : .array(array.values().map { json($0) })
        }
        if let text = value.stringValue { return .string(text) }
        if let flag = value.boolValue { return .bool(flag) }
        if let number = value.integerValue { return .integer(Int64(number)) }
        return value.doubleValue.map { $0.isFinite ? .number($0) : .string("\($0)") } ?? .null
    }
}

/// Whether a model fits, and what it needs.
private struct Fit {
    let plan: Result<LoadPlan, InferenceError>
    /// The context that was asked for; nil for the model's own.
    let context: Int?

    init(_ file: GGUFFile, name: String, context: Int?, budget: UInt64?) {
        self.context = context
        plan = Result { () throws(InferenceError) in
            try LoadPlan(
                file, name: name, options: LoadOptions(contextLength: context, memoryBudget: budget))
        }
    }

    var rows: [[String]] {
        switch plan {
        case .success(let plan):
            let memory = plan.information.memory
            return [
                [
                    "memory",
                    "\(ByteCount(memory.total)): weights \(ByteCount(memory.weights)), KV cache up to "
                        + "\(ByteCount(memory.cache)), scratch \(ByteCount(memory.scratch))",
                ],
                ["fits", "yes, with a context of \(plan.information.contextLength) tokens\(cut(plan.information))"],
            ]
        case .failure(let error):
            return [["fits", "no: \(error)"]]
        }
    }

    private func cut(_ information: ModelInformation) -> String {
        information.isContextCut ? ", cut from \(wanted(information)) to fit the budget" : ""
    }

    private func wanted(_ information: ModelInformation) -> Int {
        min(context ?? information.trainedContextLength, information.trainedContextLength)
    }

    var json: JSON {
        switch plan {
        case .success(let plan):
            let memory = plan.information.memory
            return .object([
                "fits": true, "context_length": .integer(Int64(plan.information.contextLength)),
                "context_cut": .bool(plan.information.isContextCut),
                "weights": .integer(Int64(clamping: memory.weights)),
                "kv_cache": .integer(Int64(clamping: memory.cache)),
                "scratch": .integer(Int64(clamping: memory.scratch)), "total": .integer(Int64(clamping: memory.total)),
            ])
        case .failure(let error):
            return .object(["fits": false, "reason": .string("\(error)")])
        }
    }
}
