import CKernels
import Testing

/// A weight type with the name that golden vectors and failure messages use.
struct TestedType: Sendable, CustomTestStringConvertible {
    let rawValue: Int32
    let name: String

    var type: ck_weight_type { ck_weight_type(rawValue: rawValue) }
    var testDescription: String { name }

    static let all = [
        (CK_F32, "f32"), (CK_F16, "f16"), (CK_BF16, "bf16"), (CK_Q8_0, "q8_0"), (CK_Q4_0, "q4_0"), (CK_Q4_K, "q4_k"),
        (CK_Q5_K, "q5_k"), (CK_Q6_K, "q6_k"),
    ].map { TestedType(rawValue: $0.0.rawValue, name: $0.1) }
}

/// A kernel level that this machine runs.
struct TestedLevel: @unchecked Sendable {
    let name: String
    let table: UnsafePointer<ck_matmul_kernels>

    /// All of them, the scalar one first. Printed, so that a log shows what was tested.
    static let all: [TestedLevel] = {
        let known = [
            (CK_LEVEL_SCALAR, "scalar"), (CK_LEVEL_AVX2, "avx2"), (CK_LEVEL_AVX512, "avx512"), (CK_LEVEL_NEON, "neon"),
        ]
        let found = known.compactMap { level, name in
            ck_level_supported(level) ? ck_matmul_kernels_for(level).map { TestedLevel(name: name, table: $0) } : nil
        }
        print("Matrix kernel levels tested: \(found.map(\.name).joined(separator: ", "))")
        return found
    }()

    static let scalar = all[0]
}

/// A generator with the same numbers everywhere (SplitMix64).
struct Generator: RandomNumberGenerator {
    var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// About a standard normal distribution.
    mutating func normal() -> Float {
        (0..<12).reduce(Float(-6)) { sum, _ in sum + Float(next() >> 40) * 0x1p-24 }
    }
}
