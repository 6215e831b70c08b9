public import GGUF

/// What the engine can run, handed in by whoever knows the engine.
public struct RunnableModels: Sendable {
    /// Names of architectures, as in `general.architecture`.
    public var architectures: Set<String>

    /// Types of tensors.
    public var tensorTypes: Set<TensorType>

    /// What the engine can run.
    public init(architectures: Set<String>, tensorTypes: Set<TensorType>) {
        self.architectures = architectures
        self.tensorTypes = tensorTypes
    }

    /// Whether the engine can run a file, by its header.
    ///
    /// - Throws: `CatalogError.notRunnable` that names the field and what was found.
    public func check(_ file: GGUFFile) throws(CatalogError) {
        let path = file.name
        if let type = file.metadata.string(MetadataKey.type), type != "model" {
            throw .notRunnable(
                path: path, field: MetadataKey.type, problem: "is '\(type)', an addition to a model",
                advice: "add the model itself")
        }
        guard let architecture = file.metadata.string(MetadataKey.architecture) else {
            throw .notRunnable(
                path: path, field: MetadataKey.architecture, problem: "is missing",
                advice: "convert the model again with a current converter")
        }
        guard architectures.contains(architecture) else {
            throw .notRunnable(
                path: path, field: MetadataKey.architecture, problem: "'\(architecture)' does not run yet",
                advice: "these do: \(architectures.sorted().joined(separator: ", "))")
        }
        guard !file.tensors.isEmpty else {
            throw .notRunnable(
                path: path, field: "header.tensor_count", problem: "is 0, so this is a vocabulary without a model",
                advice: "name a file with weights")
        }
        if let tensor = file.tensors.first(where: { !tensorTypes.contains($0.type) }) {
            let runnable = tensorTypes.sorted { $0.rawValue < $1.rawValue }.map(\.name).joined(separator: ", ")
            throw .notRunnable(
                path: path, field: "tensor '\(tensor.name)'",
                problem: "has the type \(tensor.type.name), which does not run yet",
                advice: "these do: \(runnable)")
        }
    }
}
