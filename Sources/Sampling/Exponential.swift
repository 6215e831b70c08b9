/// e^x for x ≤ 0 in plain float32 arithmetic, so that a draw is the same on every platform; the C library's differs in
/// the last bit from one system to the next.
///
/// Range reduction and polynomial are those of Cephes' `expf` (Moshier); relative error below 2⁻²². Below −87, where the
/// result would leave the normal floats, and for NaN it is 0.
enum Exponential {
    typealias Lanes = SIMD8<Float>

    /// Lane by lane the same bits as `of(_ x: Float)`.
    @inline(__always)
    static func of(_ x: Lanes) -> Lanes {
        let inRange = x .>= -87
        let clamped = Lanes(repeating: -87).replacing(with: x, where: inRange)
        // Adding 1.5 · 2²³ rounds to an integer, which then stands in the low bits of the sum.
        let shifted = clamped * 1.442_695_04 + 12_582_912
        let n = shifted - 12_582_912
        let r = clamped - n * 0.693_359_375 + n * 2.121_944_4e-4
        var p = r * 1.987_569_15e-4 + 1.398_199_950_7e-3
        p = p * r + 8.333_451_907_3e-3
        p = p * r + 4.166_579_589_4e-2
        p = p * r + 1.666_666_545_9e-1
        p = p * r + 5.000_000_120_1e-1
        p = p * r * r + r + 1
        let scaleBits = (unsafeBitCast(shifted, to: SIMD8<UInt32>.self) &<< 23) &+ 0x3F80_0000
        return Lanes.zero.replacing(with: p * unsafeBitCast(scaleBits, to: Lanes.self), where: inRange)
    }

    @inline(__always)
    static func of(_ x: Float) -> Float {
        guard x >= -87 else { return 0 }
        let shifted = x * 1.442_695_04 + 12_582_912
        let n = shifted - 12_582_912
        let r = x - n * 0.693_359_375 + n * 2.121_944_4e-4
        var p = r * 1.987_569_15e-4 + 1.398_199_950_7e-3
        p = p * r + 8.333_451_907_3e-3
        p = p * r + 4.166_579_589_4e-2
        p = p * r + 1.666_666_545_9e-1
        p = p * r + 5.000_000_120_1e-1
        p = p * r * r + r + 1
        return p * Float(bitPattern: shifted.bitPattern &<< 23 &+ 0x3F80_0000)
    }
}
