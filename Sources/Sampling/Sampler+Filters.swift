extension Sampler {
    /// Leaves in `candidates` what top-k, top-p and min-p let through, in order of their tokens. False if none of them is
    /// on, so that the whole vocabulary stays.
    mutating func gatherCandidates(from logits: UnsafeMutableBufferPointer<Float>) -> Bool {
        let topK = parameters.topK > 0 && parameters.topK < vocabularySize
        guard topK || parameters.topP < 1 || parameters.minP > 0 else { return false }
        if topK {
            gatherTopK(parameters.topK, from: logits)
            if parameters.topP < 1 {
                keepTopP(of: candidates.reduce(0) { $0 + weight($1) })
            }
        } else if parameters.topP < 1 {
            gatherTopP(from: logits)
        } else {
            let minP = parameters.minP
            gather(from: logits) { $0 > -.infinity && Exponential.of($0 - $1) >= minP }
        }
        if parameters.minP > 0 {
            candidates.removeAll { Exponential.of($0.logit - maxima.maximum) < parameters.minP }
        }
        return true
    }

    private func weight(_ key: RankKey) -> Double { Double(Exponential.of(key.logit - maxima.maximum)) }

    /// Fills `candidates` with every token whose logit (first argument; the second is the maximum) passes. What passes
    /// must pass with any higher logit too, since blocks are judged by their maxima.
    @inline(__always)
    private mutating func gather(
        from logits: UnsafeMutableBufferPointer<Float>, where passes: (Float, Float) -> Bool
    ) {
        candidates.removeAll(keepingCapacity: true)
        for (block, highest) in maxima.values.enumerated() where passes(highest, maxima.maximum) {
            for index in BlockMaxima.range(of: block, in: logits.count)
            where passes(logits[index], maxima.maximum) {
                candidates.append(RankKey(logit: logits[index], token: index))
            }
        }
    }

    /// At least k logits are no less than the k-th largest maximum of a block, so whatever is less is out at once.
    private mutating func gatherTopK(_ k: Int, from logits: UnsafeMutableBufferPointer<Float>) {
        var floor = -Float.infinity
        if k <= maxima.values.count {
            let keys = maxima.values.enumerated().map { RankKey(logit: $1, token: $0) }
            floor = RankKey.cut(keys, target: Double(k), weight: { _ in 1 })?.logit ?? floor
        }
        gather(from: logits) { logit, _ in logit >= floor && logit > -.infinity }
        guard candidates.count > k, let last = RankKey.cut(candidates, target: Double(k), weight: { _ in 1 }) else {
            return
        }
        candidates.removeAll { $0 > last }
    }

    /// The cut lies mostly among logits near the maximum: those farther away are looked at only if they are needed.
    private mutating func gatherTopP(from logits: UnsafeMutableBufferPointer<Float>) {
        let total = totalWeight(of: logits)
        for reach in [4, 10, Float.infinity] {
            gather(from: logits) { $0 >= $1 - reach && $0 > -.infinity }
            if candidates.reduce(0, { $0 + weight($1) }) >= Double(parameters.topP) * total { break }
        }
        keepTopP(of: total)
    }

    private mutating func keepTopP(of total: Double) {
        let target = Double(parameters.topP) * total
        guard let last = RankKey.cut(candidates, target: target, weight: weight) else { return }
        candidates.removeAll { $0 > last }
    }

    private func totalWeight(of logits: UnsafeMutableBufferPointer<Float>) -> Double {
        var total = 0.0
        for block in maxima.values.indices where maxima.values[block] - maxima.maximum > Limits.negligible {
            total += Self.mapBlock(logits, block) {
                Exponential.of($0 - maxima.maximum)
            } store: { _, _ in
            }
        }
        return total
    }

    /// Applies a function to the eight lanes of a block in turn and adds up what it gives; places past the end of the
    /// vocabulary count as −∞. `store` gets each eight results and where they start, if they all exist.
    @inline(__always)
    static func mapBlock(
        _ logits: UnsafeMutableBufferPointer<Float>, _ block: Int, _ apply: (SIMD8<Float>) -> SIMD8<Float>,
        store: (SIMD8<Float>, Int) -> Void
    ) -> Double {
        var sums = SIMD8<Float>.zero
        let range = BlockMaxima.range(of: block, in: logits.count)
        for start in stride(from: range.lowerBound, to: range.upperBound, by: 8) {
            var lanes = SIMD8<Float>(repeating: -.infinity)
            if start + 8 <= range.upperBound, let base = logits.baseAddress {
                lanes = UnsafeRawPointer(base + start).loadUnaligned(as: SIMD8<Float>.self)
            } else {
                for index in start..<range.upperBound { lanes[index - start] = logits[index] }
            }
            let result = apply(lanes)
            store(result, start)
            sums += result
        }
        return Double(sums.sum())
    }
}
