internal import GGUF
internal import Tensors

extension FamilyTraits {
    /// Qwen 2 and 2.5 (Yang et al. 2024): biases on query, key and value.
    static let qwen2 = FamilyTraits(
        pairing: .halves, requiredBiases: [.attentionQuery, .attentionKey, .attentionValue])
}
