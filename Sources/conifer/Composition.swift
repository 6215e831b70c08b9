internal import Catalog
internal import Foundation
internal import GGUF
internal import Inference

/// The one place that reads the environment and knows where things are.
enum Composition {
    /// The version that `--version`, `/api/version` and the logs tell.
    static let version = "0.1.0"

    /// conifer's folder: `$CONIFER_HOME`, else `~/.conifer`.
    static var home: String {
        let set = ProcessInfo.processInfo.environment["CONIFER_HOME"] ?? ""
        return set.isEmpty ? FileManager.default.homeDirectoryForCurrentUser.path + "/.conifer" : set
    }

    /// The registry in conifer's folder.
    static var registry: Registry { Registry(home: home) }

    /// What the engine can run.
    static var runnable: RunnableModels {
        RunnableModels(architectures: LoadPlan.architectures, tensorTypes: LoadPlan.tensorTypes)
    }

    /// What is registered, or the demonstration models where nothing is.
    static func catalog() throws -> ServedCatalog {
        let contents = try registry.contents()
        return contents.entries.isEmpty ? try ServedCatalog.demonstration() : ServedCatalog(contents)
    }

    /// The catalog's model of that name, or else the file at that path.
    static func model(_ nameOrPath: String) throws -> ModelReference {
        let catalog = try catalog()
        if let model = catalog.resolve(nameOrPath).model {
            return model
        }
        guard FileManager.default.fileExists(atPath: nameOrPath) else {
            let known = catalog.models.map(\.name).joined(separator: ", ")
            throw CommandError("no model is named '\(nameOrPath)', and no file is there; the catalog has: \(known)")
        }
        return try ModelReference(path: nameOrPath)
    }
}
