internal import GGUF
internal import Tensors

/// The families of decoders that run here, by their names in `general.architecture`.
///
/// All of them are one decoder: RMS norm, grouped-query attention with rotary positions, gated feed-forward. What differs is in
/// `traits`, one file per family.
public enum Family: String, CaseIterable, Sendable {
    case llama
    case qwen2
    case qwen3

    /// The names, for messages.
    public static var supportedNames: String { allCases.map(\.rawValue).joined(separator: ", ") }

    var traits: FamilyTraits {
        switch self {
        case .llama: .llama
        case .qwen2: .qwen2
        case .qwen3: .qwen3
        }
    }
}

/// What sets a family apart from the others.
struct FamilyTraits: Sendable {
    /// How its query and key rows are ordered in the file.
    var pairing: RotaryTable.Style
    /// Whether each head of query and key passes an RMS norm of its own before RoPE.
    var normalizesQueryAndKey = false
    /// Matrices whose product gets a bias in every model of the family.
    var requiredBiases: Set<TensorName.BlockTensor> = []
    /// Matrices whose product gets a bias if the file has one.
    var optionalBiases: Set<TensorName.BlockTensor> = []
    /// Whether the file may carry factors on the rotary frequencies.
    var mayScaleFrequencies = false
    /// Base of the rotary frequencies where the file names none.
    var defaultRopeBase: Float = 10_000
}
