import TestModels

/// A folder for conifer's registry, and tiny models to register in it.
///
/// Their weights are random, so that they never have done: with the control tokens forbidden, an answer ends at its limit, and a
/// test decides how long a turn lasts.
struct Home: Sendable {
    let folder: TemporaryFolder
    var path: String { folder.file("home") }

    init() throws { folder = try TemporaryFolder() }

    /// A tiny model's file.
    func model(_ name: String, seed: UInt64 = 1) throws -> String {
        var model = TinyModel(.llama, seed: seed)
        model.layers = 1
        model.contextLength = 1 << 17
        return try model.write(into: folder, as: "\(name).gguf")
    }

    /// The file of one with 12 MiB of weights a layer.
    func largeModel(_ name: String, layers: Int) throws -> String {
        var model = TinyModel(.llama)
        model.layers = layers
        model.feedForward = 1 << 14
        return try model.write(into: folder, as: "\(name).gguf")
    }

    /// Registers a file.
    func add(_ file: String, as name: String) async throws {
        let result = try await ConiferProcess.run("add", file, "--name", name, home: path)
        guard result.code == 0 else { throw TestFailure(result.errors) }
    }

    /// A home with tiny models of these names.
    static func with(_ names: String...) async throws -> Home {
        let home = try Home()
        for (index, name) in names.enumerated() {
            try await home.add(home.model(name, seed: UInt64(index + 1)), as: name)
        }
        return home
    }

    /// Leaves something in a model's file that is none.
    func breakModel(_ name: String) throws {
        try folder.write(Array("GGUF and then nothing".utf8), as: "\(name).gguf")
    }

    /// Leaves something in the registry's place that is none.
    func breakRegistry() throws { try TemporaryFolder.write(Array("{ not JSON".utf8), to: path + "/registry.json") }

    /// Forbids what ends an answer.
    static let endless = #""logit_bias":{"\#(TinyVocabulary.endOfText)":-100,"\#(TinyVocabulary.turnEnd)":-100}"#
}
