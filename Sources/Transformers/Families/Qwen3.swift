internal import Tensors

extension FamilyTraits {
    /// Qwen 3, dense (Yang et al. 2025): an RMS norm on each head of query and key in place of Qwen 2's biases. The width
    /// of its heads is not the embedding's divided by their number.
    static let qwen3 = FamilyTraits(pairing: .halves, normalizesQueryAndKey: true, defaultRopeBase: 1_000_000)
}
