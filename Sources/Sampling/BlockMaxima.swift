/// The largest logit of every block of `Limits.block`, and of all: one pass over the vocabulary, after which most blocks
/// need no second look. NaN counts as −∞.
struct BlockMaxima: Sendable {
    private(set) var values: [Float] = []
    private(set) var maximum = -Float.infinity

    /// Logits below this weigh next to nothing: blocks that hold no others are passed over.
    var leastOfWeight: Float { maximum + Limits.negligible }

    mutating func update(_ logits: UnsafeMutableBufferPointer<Float>) {
        let count = (logits.count + Limits.block - 1) / Limits.block
        if values.count != count { values = [Float](repeating: 0, count: count) }
        maximum = -.infinity
        for block in 0..<count {
            let highest = Self.highest(logits, Self.range(of: block, in: logits.count))
            values[block] = highest
            if highest > maximum { maximum = highest }
        }
    }

    /// The lowest index that holds the maximum; nil if there is no finite or +∞ logit.
    func firstIndexOfMaximum(in logits: UnsafeMutableBufferPointer<Float>) -> Int? {
        guard maximum > -.infinity, let block = values.firstIndex(of: maximum) else { return nil }
        return Self.range(of: block, in: logits.count).first { logits[$0] == maximum }
    }

    static func range(of block: Int, in count: Int) -> Range<Int> {
        block * Limits.block..<min((block + 1) * Limits.block, count)
    }

    @inline(__always)
    private static func highest(_ logits: UnsafeMutableBufferPointer<Float>, _ range: Range<Int>) -> Float {
        var highest = -Float.infinity
        var index = range.lowerBound
        if let raw = UnsafeRawPointer(logits.baseAddress), range.count == Limits.block {
            var lanes = SIMD16<Float>(repeating: -.infinity)
            while index < range.upperBound {
                let x = raw.loadUnaligned(fromByteOffset: index * 4, as: SIMD16<Float>.self)
                lanes.replace(with: x, where: x .> lanes)
                index += 16
            }
            // Halves against each other: `max()` would look at the lanes one by one.
            var eight = lanes.lowHalf
            eight.replace(with: lanes.highHalf, where: lanes.highHalf .> eight)
            var four = eight.lowHalf
            four.replace(with: eight.highHalf, where: eight.highHalf .> four)
            highest = Swift.max(Swift.max(four.x, four.y), Swift.max(four.z, four.w))
        }
        while index < range.upperBound {
            if logits[index] > highest { highest = logits[index] }
            index += 1
        }
        return highest
    }
}
