/// e^x for x ≤ 0 in plain float32 arithmetic, as the kernels of `LogitOperations` have it for whole vocabularies, so that a
/// draw is the same on every platform; the C library's differs in the last bit from one system to the next.
///
/// ln 2 is taken off in two parts (Cody and Waite), and the rest is a polynomial of degree 5 whose relative error is
/// nearly the least possible with e⁰ = 1; relative error of the whole below 2⁻²². It never falls as x grows. Where the
/// result leaves the normal floats, from −87.3 on, it becomes subnormal, then, from −87.7 on, 0; it is 0 for NaN too.
enum Exponential {
    private static let lowest: Float = -88

    @inline(__always)
    static func of(_ x: Float) -> Float {
        let x = x > lowest ? x : lowest
        // Adding 1.5 · 2²³ rounds to an integer, which then stands in the low bits of the sum.
        let shifted = x * 1.442_695_04 + 12_582_912
        let n = shifted - 12_582_912
        let r = x - n * 0.693_359_375 + n * 2.121_944_4e-4
        let r2 = r * r
        let high = r * 8.312_516e-3 + 4.189_020e-2
        let p = (high * r2 + (r * 1.666_711_4e-1 + 4.999_923_1e-1)) * r2 + r + 1
        // The power of two by its exponent's bits, which are all 0 for the lowest: a factor of 0.
        return p * Float(bitPattern: shifted.bitPattern &<< 23 &+ 0x3F80_0000)
    }
}
