import CKernels

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// An instruction set that the kernels are written for.
public enum KernelLevel: String, CaseIterable, Sendable {
    /// Portable C: the specification of the others.
    case scalar
    /// AVX2, FMA and F16C.
    case avx2
    /// AVX-512 with VNNI.
    case avx512
    /// 64-bit Arm; dot product instructions are used where they exist.
    case neon

    /// The same level in C.
    var code: ck_level {
        switch self {
        case .scalar: CK_LEVEL_SCALAR
        case .avx2: CK_LEVEL_AVX2
        case .avx512: CK_LEVEL_AVX512
        case .neon: CK_LEVEL_NEON
        }
    }

    /// Whether this processor and this build can run it.
    public var isSupported: Bool { ck_level_supported(code) && ck_matmul_kernels_for(code) != nil }

    /// The fastest level that this machine runs.
    public static let best: KernelLevel = [.avx512, .avx2, .neon].first(where: \.isSupported) ?? .scalar

    /// The level to use: what the environment variable CONIFER_KERNELS names, else the best.
    ///
    /// Throws `TensorError.unknownKernelLevel` or `.unsupportedKernelLevel` when the variable asks for what is not there.
    public static func chosen() throws(TensorError) -> KernelLevel {
        guard let value = getenv("CONIFER_KERNELS") else { return best }
        return try named(String(cString: value))
    }

    /// The level of that name, if this machine can run it; the best one for an empty name.
    static func named(_ word: String) throws(TensorError) -> KernelLevel {
        if word.isEmpty { return best }
        guard let level = KernelLevel(rawValue: word) else { throw .unknownKernelLevel(word) }
        guard level.isSupported else { throw .unsupportedKernelLevel(level) }
        return level
    }
}
