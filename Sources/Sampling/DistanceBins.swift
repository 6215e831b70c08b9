/// The weights of all logits, added up in bins of the logits' distance from the maximum: the bins are those of the
/// distance's leading bits, 128 to every doubling, so that flat and peaked logits are both told apart without a look at
/// their spread.
struct DistanceBins {
    typealias Lanes = Exponential.Lanes
    private typealias Bits = SIMD16<UInt32>

    /// Added to all distances: what is nearer is one bin, and no bin's number is negative.
    private static let least: Float = 0x1p-12
    /// Weights end before this (`Exponential`).
    private static let greatest: Float = 88
    private static let shift: UInt32 = 16
    private static let count = Int((greatest.bitPattern - least.bitPattern) >> shift) + 1

    /// Weights as shares of the weight at a bin's start, times 2²³: sums of integers, in any order the same.
    private let shares: [Int]
    private let sums: [Double]

    /// Adds up e^(logit − maximum).
    init(of logits: UnsafeMutableBufferPointer<Float>, _ maxima: BlockMaxima) {
        var shares = [Int](repeating: 0, count: Self.count)
        shares.withUnsafeMutableBufferPointer { shares in
            // From vectors to sums by way of memory, a block at a time: lane by lane is slower.
            withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 2 * Limits.block) { placed in
                guard let bins = placed.baseAddress, let shares = shares.baseAddress else { return }
                let weights = bins + Limits.block
                for block in maxima.values.indices where maxima.values[block] >= maxima.leastOfWeight {
                    BlockMaxima.forEachLanes(of: block, in: logits, upTo: .end) { lanes, _, start in
                        let (lanesBins, lanesWeights) = Self.place(lanes - maxima.maximum)
                        let at = start % Limits.block
                        UnsafeMutableRawPointer(bins + at).storeBytes(of: lanesBins, as: Bits.self)
                        UnsafeMutableRawPointer(weights + at).storeBytes(of: lanesWeights, as: Bits.self)
                    }
                    for at in 0..<BlockMaxima.range(of: block, in: logits.count).count {
                        shares[Int(bins[at])] &+= Int(weights[at])
                    }
                }
            }
        }
        self.shares = shares
        sums = shares.enumerated().map { bin, share in
            share == 0 ? 0 : Double(share) * 0x1p-23 * Double(Exponential.of(-Self.start(of: bin)))
        }
    }

    /// Bins of logits, given less the maximum, and their weights as shares of e^−(the bin's start), times 2²³. NaN is in
    /// the last bin, whose start has the weight 0.
    ///
    /// So near to a bin's start four terms of the series do: the fifth is less than 2⁻²⁴ up to a distance of 4, 2⁻²⁰ up
    /// to 16, and further away only few of the logits' weight can lie.
    @inline(__always)
    private static func place(_ shifted: Lanes) -> (bins: Bits, weights: Bits) {
        let inRange = Lanes(repeating: least - greatest).replacing(with: shifted, where: shifted .> least - greatest)
        let distances = least - inRange
        let bits = unsafeBitCast(distances, to: Bits.self)
        let past = distances - unsafeBitCast(bits & (~0 << shift), to: Lanes.self)
        // Between 1 and 2 the bits of a float count in steps of 2⁻²³.
        let half: Lanes = 0.5 - past * (1.0 / 6)
        let weights: Lanes = 2 - past * (1 - past * half)
        return ((bits &- least.bitPattern) &>> shift, unsafeBitCast(weights, to: Bits.self) &- Float(1).bitPattern)
    }

    private static func start(of bin: Int) -> Float {
        Float(bitPattern: UInt32(bin) << shift + least.bitPattern) - least
    }

    /// Whether a logit, given less the maximum, lies in this bin or a nearer one.
    static func isWithin(_ bin: Int, _ shifted: Float) -> Bool {
        // As `place` has it: NaN is nowhere.
        (least - shifted).bitPattern >> shift <= UInt32(bin) + least.bitPattern >> shift
    }

    /// The bin in which the sum from the first one on reaches `share` of the whole, how much it must add to that, and how
    /// many logits it can have at most.
    func cut(share: Double) -> (bin: Int, rest: Double, atMost: Int) {
        let wanted = share * sums.reduce(0, +)
        var (before, last) = (0.0, 0)
        for (bin, sum) in sums.enumerated() where sum > 0 {
            if bin > last { before += sums[last] }
            last = bin
            if before + sum >= wanted { break }
        }
        // In no bin does a weight fall by half.
        return (last, wanted - before, shares[last] >> 22)
    }
}
