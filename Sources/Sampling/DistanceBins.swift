internal import Tensors

/// The weights of all logits, added up in bins of the logits' distance from the maximum (`LogitOperations.bins`).
struct DistanceBins {
    /// Weights as shares of the weight at a bin's beginning, times 2²³.
    private let shares: [UInt64]
    private let sums: [Double]

    init(shares: [UInt64]) {
        self.shares = shares
        sums = zip(shares, Self.weights).map { Double($0) * $1 }
    }

    /// The weight at each bin's beginning, times 2⁻²³.
    private static let weights = (0..<LogitOperations.bins).map {
        Double(Exponential.of(LogitOperations.beginning(ofBin: $0))) * 0x1p-23
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
        return (last, wanted - before, Int(shares[last] >> 22))
    }
}
