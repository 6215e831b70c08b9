import GGUF

/// What a catalog shows of a model, from its header.
struct ModelSummary {
    let architecture: String
    let parameterCount: Int
    let quantization: String
    let contextLength: Int?
    let digest: String

    init(of file: GGUFFile) {
        architecture = file.metadata.string(MetadataKey.architecture) ?? "unknown"
        // The product of one tensor's dimensions fits; a sum of many in a hostile file need not, though all lie in one
        // file: with 1.5 bits a weight at the least it stays far below 2^63.
        parameterCount = file.tensors.reduce(0) { $0 &+ $1.elementCount }
        quantization = Quantization.label(of: file)
        let length = file.metadata.integer(MetadataKey.contextLength(architecture))
        contextLength = length.flatMap { $0 > 0 ? $0 : nil }
        digest = Fingerprint.of(file)
    }
}
