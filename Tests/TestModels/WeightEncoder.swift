public import GGUF

/// Encodes numbers as a file's weights. Simple and slow: for tiny models.
public enum WeightEncoder {
    /// `values` in the layout of `type`; the count is a multiple of the type's block size.
    ///
    /// F32, F16, BF16, Q8_0 and Q4_0 hold the values, rounded. For the 256-element types the layout is filled with random
    /// codes whose weights have about the values' deviation: enough where only the reader of the layout is tested.
    public static func encode(_ values: [Float], as type: TensorType, random: inout TestRandom) -> [UInt8] {
        precondition(values.count % type.blockSize == 0, "\(values.count) values do not fill blocks of \(type.name)")
        var out = ByteWriter()
        switch type {
        case .f32: for value in values { out.append(value.bitPattern) }
        case .f16: for value in values { out.append(half(value)) }
        case .bf16: for value in values { out.append(brainFloat(value)) }
        case .q8_0: for block in blocks(values, 32) { appendQ8(block, to: &out) }
        case .q4_0: for block in blocks(values, 32) { appendQ4(block, to: &out) }
        case .q4_K, .q5_K, .q6_K:
            for block in blocks(values, 256) { appendK(type, deviation: deviation(of: block), &random, to: &out) }
        default: preconditionFailure("tests write no \(type.name) weights")
        }
        return out.bytes
    }

    private static func blocks(_ values: [Float], _ size: Int) -> [ArraySlice<Float>] {
        stride(from: 0, to: values.count, by: size).map { values[$0..<$0 + size] }
    }

    private static func appendQ8(_ block: ArraySlice<Float>, to out: inout ByteWriter) {
        let largest = block.reduce(0) { max($0, abs($1)) }
        let scale = largest / 127
        out.append(half(scale))
        for value in block {
            out.append(Int8(scale == 0 ? 0 : (value / scale).rounded(.toNearestOrEven)))
        }
    }

    private static func appendQ4(_ block: ArraySlice<Float>, to out: inout ByteWriter) {
        let extreme = block.max { abs($0) < abs($1) } ?? 0
        let scale = extreme / -8
        let codes = block.map { value in
            UInt8(min(15, max(0, scale == 0 ? 8 : (value / scale + 8.5).rounded(.down))))
        }
        out.append(half(scale))
        for index in 0..<16 { out.append(codes[index] | codes[index + 16] << 4) }
    }

    /// A block of Q4_K, Q5_K or Q6_K with random codes.
    private static func appendK(
        _ type: TensorType, deviation: Float, _ random: inout TestRandom, to out: inout ByteWriter
    ) {
        if type == .q6_K {
            for _ in 0..<192 { out.append(UInt8(truncatingIfNeeded: random.next())) }
            for _ in 0..<16 { out.append(Int8(16 + random.below(48))) }
            out.append(half(deviation / (40 * 18.5)))
            return
        }
        let top: Float = type == .q4_K ? 15 : 31
        let scale = deviation / (36 * top * 0.29)
        out.append(half(scale))
        out.append(half(scale * 8))
        let scales = (0..<8).map { _ in UInt8(24 + random.below(24)) }
        let minima = scales.map { UInt8(min(63, (Float($0) * (top / 2) / 8).rounded())) }
        for index in 0..<4 { out.append(scales[index] | (scales[index + 4] >> 4) << 6) }
        for index in 0..<4 { out.append(minima[index] | (minima[index + 4] >> 4) << 6) }
        for index in 4..<8 { out.append(scales[index] & 15 | (minima[index] & 15) << 4) }
        for _ in 0..<(type.blockBytes - 16) { out.append(UInt8(truncatingIfNeeded: random.next())) }
    }

    private static func deviation(of block: ArraySlice<Float>) -> Float {
        (block.reduce(0) { $0 + $1 * $1 } / Float(block.count)).squareRoot()
    }

    /// The nearest 16-bit float, ties to even; written out because `Float16` is missing on some platforms.
    static func half(_ value: Float) -> UInt16 {
        let bits = value.bitPattern
        let sign = UInt16(truncatingIfNeeded: bits >> 16) & 0x8000
        let magnitude = bits & 0x7FFF_FFFF
        if magnitude > 0x7F80_0000 { return sign | 0x7E00 }
        if magnitude >= 0x4780_0000 { return sign | 0x7C00 }
        if magnitude < 0x3880_0000 {
            // Subnormal: adding 0.5 lines the bits up and rounds them.
            let shifted = Float(bitPattern: magnitude) + 0.5
            return sign | UInt16(truncatingIfNeeded: shifted.bitPattern &- 0x3F00_0000)
        }
        let rounded = magnitude &- 0x3800_0000 &+ 0xFFF &+ (magnitude >> 13 & 1)
        return sign | UInt16(truncatingIfNeeded: rounded >> 13)
    }

    /// The nearest 16-bit float with 8 exponent bits, ties to even.
    static func brainFloat(_ value: Float) -> UInt16 {
        let bits = value.bitPattern
        return UInt16(truncatingIfNeeded: (bits &+ 0x7FFF &+ (bits >> 16 & 1)) >> 16)
    }
}
