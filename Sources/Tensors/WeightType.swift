import CKernels

/// How the numbers of a weight matrix are stored; the layouts are GGUF's (docs/formats/quantisation.md).
public enum WeightType: Int32, CaseIterable, Sendable {
    case f32 = 0
    case f16 = 1
    case bf16 = 2
    case q8_0 = 3
    case q4_0 = 4
    case q4_K = 5
    case q5_K = 6
    case q6_K = 7

    /// The same type in C.
    var code: ck_weight_type { ck_weight_type(rawValue: rawValue) }

    /// Elements of a block: a row holds a whole number of blocks.
    public var blockElements: Int { ck_block_elements(code) }

    /// Bytes of a block.
    public var blockBytes: Int { ck_block_bytes(code) }

    /// Bytes of a row of `columns` elements, a multiple of `blockElements`.
    public func rowBytes(columns: Int) -> Int { columns / blockElements * blockBytes }
}
