/// Every element type that ggml knows, with its number in the file.
///
/// Knowing a type is not running it: what runs is decided by the kernels. Sizes are those of ggml's block structures.
public enum TensorType: UInt32, CaseIterable, Hashable, Sendable {
    case f32 = 0
    case f16 = 1
    case q4_0 = 2
    case q4_1 = 3
    case q5_0 = 6
    case q5_1 = 7
    case q8_0 = 8
    case q8_1 = 9
    case q2_K = 10
    case q3_K = 11
    case q4_K = 12
    case q5_K = 13
    case q6_K = 14
    case q8_K = 15
    case iq2_XXS = 16
    case iq2_XS = 17
    case iq3_XXS = 18
    case iq1_S = 19
    case iq4_NL = 20
    case iq3_S = 21
    case iq2_S = 22
    case iq4_XS = 23
    case i8 = 24
    case i16 = 25
    case i32 = 26
    case i64 = 27
    case f64 = 28
    case iq1_M = 29
    case bf16 = 30
    case tq1_0 = 34
    case tq2_0 = 35
    case mxfp4 = 39
    case nvfp4 = 40
    case q1_0 = 41

    /// Elements in one block; 1 for plain numbers.
    public var blockSize: Int {
        switch self {
        case .f32, .f16, .bf16, .f64, .i8, .i16, .i32, .i64: 1
        case .q4_0, .q4_1, .q5_0, .q5_1, .q8_0, .q8_1, .iq4_NL, .mxfp4: 32
        case .nvfp4: 64
        case .q1_0: 128
        case .q2_K, .q3_K, .q4_K, .q5_K, .q6_K, .q8_K, .iq2_XXS, .iq2_XS, .iq2_S, .iq3_XXS, .iq3_S, .iq1_S, .iq1_M,
            .iq4_XS, .tq1_0, .tq2_0:
            256
        }
    }

    /// Bytes of one block.
    public var blockBytes: Int {
        switch self {
        case .i8: 1
        case .f16, .bf16, .i16: 2
        case .f32, .i32: 4
        case .f64, .i64: 8
        // 32 elements; "16-bit scale + …"
        case .q4_0, .iq4_NL: 2 + 16
        case .q4_1: 2 + 2 + 16
        case .q5_0: 2 + 4 + 16
        case .q5_1: 2 + 2 + 4 + 16
        case .q8_0: 2 + 32
        case .q8_1: 2 + 2 + 32
        case .mxfp4: 1 + 16
        // 64 and 128 elements
        case .nvfp4: 4 + 32
        case .q1_0: 2 + 16
        // 256 elements
        case .q2_K: 16 + 64 + 2 + 2
        case .q3_K: 32 + 64 + 12 + 2
        case .q4_K: 2 + 2 + 12 + 128
        case .q5_K: 2 + 2 + 12 + 32 + 128
        case .q6_K: 128 + 64 + 16 + 2
        case .q8_K: 4 + 256 + 32
        case .iq2_XXS: 2 + 64
        case .iq2_XS: 2 + 64 + 8
        case .iq2_S: 2 + 64 + 8 + 8
        case .iq3_XXS: 2 + 64 + 32
        case .iq3_S: 2 + 64 + 8 + 32 + 4
        case .iq1_S: 2 + 32 + 16
        case .iq1_M: 32 + 16 + 8
        case .iq4_XS: 2 + 2 + 4 + 128
        case .tq1_0: 48 + 4 + 2
        case .tq2_0: 64 + 2
        }
    }

    /// The name that people know it by, such as `Q4_K`.
    public var name: String {
        "\(self)".uppercased()
    }

    /// The names of numbers that ggml once gave out and has taken back; files that carry them need converting again.
    static let removed: [UInt32: String] = [
        4: "Q4_2", 5: "Q4_3", 31: "Q4_0_4_4", 32: "Q4_0_4_8", 33: "Q4_0_8_8", 36: "IQ4_NL_4_4", 37: "IQ4_NL_4_8",
        38: "IQ4_NL_8_8",
    ]
}
