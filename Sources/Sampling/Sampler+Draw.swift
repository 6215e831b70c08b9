extension Sampler {
    /// Draws one of the candidates by e^((logit − maximum) / temperature), walking them in order of their tokens.
    mutating func drawFromCandidates() -> Int32 {
        let maximum = maxima.maximum
        let temperature = parameters.temperature
        let weights = candidates.map { Double(Exponential.of(($0.logit - maximum) / temperature)) }
        var left = random.nextUnit() * weights.reduce(0, +)
        var chosen = 0
        for (index, weight) in weights.enumerated() where weight > 0 {
            chosen = index
            left -= weight
            if left < 0 { break }
        }
        return Int32(candidates[chosen].token)
    }

    /// The same over the whole vocabulary: weights take the logits' place, and whole blocks are skipped by their sums.
    mutating func drawFromAll(_ logits: UnsafeMutableBufferPointer<Float>) -> Int32 {
        let maximum = maxima.maximum
        let temperature = parameters.temperature
        let sums = maxima.values.indices.map { block -> Double in
            guard (maxima.values[block] - maximum) / temperature > Limits.negligible else { return 0 }
            return Self.mapBlock(logits, block) {
                Exponential.of(($0 - maximum) / temperature)
            } store: { lanes, start in
                for index in start..<min(start + 8, logits.count) { logits[index] = lanes[index - start] }
            }
        }
        var left = random.nextUnit() * sums.reduce(0, +)
        var chosen = 0
        for (block, sum) in sums.enumerated() where sum > 0 {
            chosen = block
            if left < sum { break }
            left -= sum
        }
        var token = 0
        for index in BlockMaxima.range(of: chosen, in: logits.count) where logits[index] > 0 {
            token = index
            left -= Double(logits[index])
            if left < 0 { break }
        }
        return Int32(token)
    }
}
