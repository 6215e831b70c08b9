/// The tensor names that conifer reads, each written once.
public enum TensorName {
    /// `[vocabulary, embedding]`
    public static let tokenEmbedding = "token_embd.weight"

    /// `[embedding]`
    public static let outputNorm = "output_norm.weight"

    /// `[vocabulary, embedding]`; absent where the embedding is used in its place.
    public static let output = "output.weight"

    /// `[headDim / 2]`: factors on the rotary frequencies, in Llama 3.1 and later.
    public static let ropeFrequencies = "rope_freqs.weight"

    /// A tensor of one layer, such as `blk.3.attn_q.weight`.
    public static func block(_ layer: Int, _ tensor: BlockTensor, _ suffix: Suffix = .weight) -> String {
        "blk.\(layer).\(tensor.rawValue).\(suffix.rawValue)"
    }

    /// What a name ends in.
    public enum Suffix: String, CaseIterable, Sendable {
        case weight
        case bias
    }

    /// The tensors of a layer. Shapes are `[rows, columns]`, the contiguous dimension last.
    public enum BlockTensor: String, CaseIterable, Sendable {
        /// `[embedding]`
        case attentionNorm = "attn_norm"
        /// `[heads · headDim, embedding]`
        case attentionQuery = "attn_q"
        /// `[kvHeads · headDim, embedding]`
        case attentionKey = "attn_k"
        /// `[kvHeads · headDim, embedding]`
        case attentionValue = "attn_v"
        /// Query, key and value in one matrix (Phi-3).
        case attentionQueryKeyValue = "attn_qkv"
        /// `[headDim]`, in Qwen 3
        case attentionQueryNorm = "attn_q_norm"
        /// `[headDim]`, in Qwen 3
        case attentionKeyNorm = "attn_k_norm"
        /// `[embedding, heads · headDim]`
        case attentionOutput = "attn_output"
        /// `[embedding]`
        case feedForwardNorm = "ffn_norm"
        /// `[feedForward, embedding]`
        case feedForwardGate = "ffn_gate"
        /// `[feedForward, embedding]`
        case feedForwardUp = "ffn_up"
        /// `[embedding, feedForward]`
        case feedForwardDown = "ffn_down"
    }
}
