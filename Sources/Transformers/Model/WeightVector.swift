/// A vector of F32 weights: in the file's map, or converted and owned by this object.
final class WeightVector: @unchecked Sendable {
    let base: UnsafePointer<Float>
    let count: Int
    private let isOwned: Bool

    /// Points into the map, whose owner keeps it alive; nil if the address does not suit a float.
    init?(floatsAt bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress, UInt(bitPattern: start) % 4 == 0 else { return nil }
        base = start.assumingMemoryBound(to: Float.self)
        count = bytes.count / 4
        isOwned = false
    }

    /// A copy of its own.
    init(_ values: [Float]) {
        let memory = UnsafeMutablePointer<Float>.allocate(capacity: max(values.count, 1))
        memory.initialize(repeating: 0, count: max(values.count, 1))
        for (index, value) in values.enumerated() { memory[index] = value }
        base = UnsafePointer(memory)
        count = values.count
        isOwned = true
    }

    deinit {
        if isOwned { base.deallocate() }
    }
}

/// binary16 to float, exact.
enum HalfPrecision {
    static func float(_ bits: UInt16) -> Float {
        let sign: Float = bits >> 15 == 1 ? -1 : 1
        let exponent = Int(bits >> 10 & 0x1F)
        let fraction = Float(bits & 0x3FF)
        switch exponent {
        case 0: return sign * fraction * 0x1p-24
        case 31: return fraction == 0 ? sign * .infinity : .nan
        default:
            return sign * (1 + fraction * 0x1p-10) * Float(sign: .plus, exponent: exponent - 15, significand: 1)
        }
    }
}
