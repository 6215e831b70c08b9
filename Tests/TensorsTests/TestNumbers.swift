import CKernels
import Tensors

/// Levels whose vector and attention kernels this machine and build can run; printed once, so that a run's log says what
/// it covered.
enum TestLevels {
    static let supported: [KernelLevel] = {
        let codes: [(KernelLevel, ck_level)] = [
            (.scalar, CK_LEVEL_SCALAR), (.avx2, CK_LEVEL_AVX2), (.avx512, CK_LEVEL_AVX512), (.neon, CK_LEVEL_NEON),
        ]
        let levels = codes.filter { ck_level_supported($0.1) && ck_vector_kernels_for($0.1) != nil }.map(\.0)
        let skipped = KernelLevel.allCases.filter { !levels.contains($0) }
        print("vector and attention kernels tested at: \(levels); not on this machine: \(skipped)")
        return levels
    }()
}

/// The same random numbers in every run.
struct TestNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

    mutating func next() -> UInt64 {
        // SplitMix64 (Steele, Lea, Flood 2014)
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func floats(_ count: Int, in range: ClosedRange<Float> = -1...1) -> [Float] {
        (0..<count).map { _ in Float.random(in: range, using: &self) }
    }
}

/// Units in the last place of a float near `value`.
func ulp(_ value: Double) -> Double { max(Double(Float(abs(value)).ulp), Double(Float.leastNormalMagnitude.ulp)) }
