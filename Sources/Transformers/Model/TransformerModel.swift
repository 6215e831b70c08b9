public import GGUF
internal import Tensors

/// A model of one of the families that run here, its weights where they lie in the file's map.
///
/// Loading reads the metadata and checks every tensor's type and shape; no weight is read, copied or repacked. What runs
/// steps is a `ForwardContext`, what remembers keys and values a `KVCache`; the model itself never changes.
public final class TransformerModel: Sendable {
    /// The model's numbers.
    public let hyperparameters: Hyperparameters
    /// The file; it stays mapped while the model lives.
    public let file: GGUFFile
    let weights: ModelWeights
    let rotaryTable: RotaryTable

    /// A model over an open file. Throws an error that names key or tensor, what was found and what is possible.
    public init(_ file: GGUFFile) throws(ModelError) {
        hyperparameters = try Hyperparameters(file)
        weights = try ModelWeights(file, hyperparameters)
        self.file = file
        let rotary = hyperparameters.rotary
        rotaryTable = RotaryTable(
            dimension: rotary.dimension, base: rotary.base, style: hyperparameters.family.traits.pairing,
            scaling: rotary.scaling, frequencyFactors: weights.frequencyFactors,
            attentionFactor: rotary.attentionFactor)
    }

    /// What the model needs of the machine's memory.
    public var memory: MemoryFigures { MemoryFigures(file, hyperparameters) }
}
