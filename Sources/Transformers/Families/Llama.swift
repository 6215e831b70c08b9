internal import GGUF
internal import Tensors

extension FamilyTraits {
    /// Llama 2 and 3 (Touvron et al. 2023; Grattafiori et al. 2024), and models of the same structure: Mistral, SmolLM,
    /// TinyLlama. From Llama 3.1 on `rope_freqs.weight` stretches the long wavelengths.
    static let llama = FamilyTraits(
        pairing: .interleaved,
        optionalBiases: [
            .attentionQuery, .attentionKey, .attentionValue, .attentionOutput, .feedForwardGate, .feedForwardUp,
            .feedForwardDown,
        ],
        mayScaleFrequencies: true)
}
