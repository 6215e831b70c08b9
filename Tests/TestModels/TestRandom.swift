/// SplitMix64: the same seed gives the same numbers on every platform.
public struct TestRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Numbers that follow from the seed.
    public init(seed: UInt64) {
        state = seed
    }

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number below `bound`, near enough to uniform for tests.
    public mutating func below(_ bound: Int) -> Int {
        Int(next() % UInt64(bound))
    }

    /// A number in 0 ..< 1.
    public mutating func unit() -> Float {
        Float(next() >> 40) * 0x1p-24
    }

    /// About normal with mean 0 and deviation 1: the sum of twelve uniform numbers, which needs no mathematics library.
    public mutating func normal() -> Float {
        var sum: Float = -6
        for _ in 0..<12 { sum += unit() }
        return sum
    }
}
