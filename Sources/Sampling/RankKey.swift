/// A candidate as one integer: the smaller the key, the better its rank. Higher logits rank first, equal ones by lower
/// token. Keys are unique, so every cut through a ranking is well defined.
struct RankKey: Comparable, Hashable, Sendable {
    let bits: UInt64

    @inline(__always)
    init(bits: UInt64) { self.bits = bits }

    @inline(__always)
    init(logit: Float, token: Int) {
        // Adding 0 turns −0 into +0: the two are equal, so only the token may order them.
        let pattern = (logit + 0).bitPattern
        // Ascending order of floats as ascending order of integers: flip all bits of negatives, the sign of others.
        let ascending = pattern ^ (pattern >> 31 == 1 ? 0xFFFF_FFFF : 0x8000_0000)
        bits = UInt64(~ascending) << 32 | UInt64(UInt32(truncatingIfNeeded: token))
    }

    @inline(__always)
    var token: Int { Int(bits & 0xFFFF_FFFF) }

    @inline(__always)
    var logit: Float {
        let ascending = ~UInt32(truncatingIfNeeded: bits >> 32)
        return Float(bitPattern: ascending ^ (ascending >> 31 == 1 ? 0x8000_0000 : 0xFFFF_FFFF))
    }

    @inline(__always)
    static func < (a: RankKey, b: RankKey) -> Bool { a.bits < b.bits }
}

extension RankKey {
    /// After every token of every vocabulary.
    static let end = RankKey(logit: -.infinity, token: Int(UInt32.max))

    /// The last key of the shortest run of best-ranked keys whose weights add up to `target` or more; the last of all if
    /// they never do.
    ///
    /// A radix selection: keys are counted into 2,048 bins over their range, and only the bin that holds the cut is
    /// looked into again. At most six rounds whatever the keys are, and nothing is sorted but a last handful.
    static func cut(_ keys: [RankKey], target: Double, weight: (RankKey) -> Double) -> RankKey? {
        guard var lowest = keys.first?.bits, var highest = keys.first?.bits else { return nil }
        for key in keys {
            lowest = min(lowest, key.bits)
            highest = max(highest, key.bits)
        }
        var pool = keys
        var reached = 0.0
        while pool.count > 32 {
            let shift = UInt64(max(0, 64 - (highest - lowest).leadingZeroBitCount - 11))
            var bins = [Double](repeating: 0, count: 2048)
            for key in pool { bins[Int((key.bits - lowest) >> shift)] += weight(key) }
            var chosen = -1
            var before = reached
            for (bin, mass) in bins.enumerated() where mass > 0 {
                (chosen, before) = (bin, reached)
                if reached + mass >= target { break }
                reached += mass
            }
            // Only with weights that are all zero: the best of them will do.
            guard chosen >= 0 else { return pool.min() }
            reached = before
            let from = lowest + UInt64(chosen) << shift
            let (to, overflow) = from.addingReportingOverflow((1 << shift) - 1)
            lowest = from
            highest = overflow ? highest : min(highest, to)
            pool = pool.filter { $0.bits >= lowest && $0.bits <= highest }
            if shift == 0 { break }
        }
        pool.sort()
        for key in pool {
            reached += weight(key)
            if reached >= target { return key }
        }
        return pool.last
    }
}
