extension BlockMaxima {
    typealias Lanes = Exponential.Lanes
    typealias Numbers = SIMD16<Int32>

    /// Gives `body` a block's logits, sixteen at a time, which of them rank no later than `last`, and where they start.
    /// NaN is never among these, nor is a place past the end of the vocabulary.
    @inline(__always)
    static func forEachLanes(
        of block: Int, in logits: UnsafeMutableBufferPointer<Float>, upTo last: RankKey,
        _ body: (_ lanes: Lanes, _ kept: SIMDMask<Numbers>, _ start: Int) -> Void
    ) {
        let range = range(of: block, in: logits.count)
        let lowest = last.logit
        // Of equals the lower token ranks first: they all stay in blocks before the last token's and go in those after.
        let holdsLast = range.contains(last.token)
        var floor = Lanes(repeating: range.lowerBound < last.token && !holdsLast ? lowest : lowest.nextUp)
        for start in stride(from: range.lowerBound, to: range.upperBound, by: Lanes.scalarCount) {
            if holdsLast {
                let isKept =
                    Numbers(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
                    .<= Numbers(repeating: Int32(last.token - start))
                floor = Lanes(repeating: lowest.nextUp).replacing(with: lowest, where: isKept)
            }
            let lanes = load(logits, from: start)
            body(lanes, lanes .>= floor, start)
        }
    }

    @inline(__always)
    private static func load(_ logits: UnsafeMutableBufferPointer<Float>, from start: Int) -> Lanes {
        guard let base = logits.baseAddress, start + Lanes.scalarCount <= logits.count else {
            return loadLast(logits, from: start)
        }
        return UnsafeRawPointer(base + start).loadUnaligned(as: Lanes.self)
    }

    /// Apart, or the compiler takes vectors to pieces in the common case too.
    @inline(never)
    private static func loadLast(_ logits: UnsafeMutableBufferPointer<Float>, from start: Int) -> Lanes {
        var lanes = Lanes(repeating: .nan)
        for index in start..<logits.count { lanes[index - start] = logits[index] }
        return lanes
    }

    /// Puts sixteen in the place of those that start there, as far as there are any.
    @inline(__always)
    static func store(_ lanes: Lanes, at start: Int, in logits: UnsafeMutableBufferPointer<Float>) {
        if let base = logits.baseAddress, start + Lanes.scalarCount <= logits.count {
            UnsafeMutableRawPointer(base + start).storeBytes(of: lanes, as: Lanes.self)
        } else {
            for index in start..<logits.count { logits[index] = lanes[index - start] }
        }
    }

    /// The sum of what `weight` makes of a block's logits; `store` gets each sixteen and where they start.
    @inline(__always)
    static func sum(
        of block: Int, in logits: UnsafeMutableBufferPointer<Float>, upTo last: RankKey = .end,
        _ weight: (Lanes) -> Lanes, store: (_ weights: Lanes, _ start: Int) -> Void = { _, _ in }
    ) -> Double {
        var sums = Lanes.zero
        forEachLanes(of: block, in: logits, upTo: last) { lanes, kept, start in
            let weights = Lanes.zero.replacing(with: weight(lanes), where: kept)
            store(weights, start)
            sums += weights
        }
        return Double(sums.sum())
    }

    /// Fills `keys` with the `count` logits that rank first, in no order; fewer if fewer are above −∞.
    ///
    /// At least that many are no less than the maximum that ranks `count`-th, so whatever is less is out at once.
    func findLikeliest(
        _ count: Int, in logits: UnsafeMutableBufferPointer<Float>, keys: inout [RankKey]
    ) {
        keys.removeAll(keepingCapacity: true)
        var floor = -Float.infinity
        if count <= values.count {
            let blocks = values.enumerated().map { RankKey(logit: $1, token: $0) }
            floor = RankKey.cut(blocks, target: Double(count), weight: { _ in 1 })?.logit ?? floor
        }
        for block in values.indices where values[block] >= floor {
            for index in Self.range(of: block, in: logits.count)
            where logits[index] >= floor && logits[index] > -.infinity {
                keys.append(RankKey(logit: logits[index], token: index))
            }
        }
        guard keys.count > count, let last = RankKey.cut(keys, target: Double(count), weight: { _ in 1 }) else {
            return
        }
        keys.removeAll { $0 > last }
    }
}
