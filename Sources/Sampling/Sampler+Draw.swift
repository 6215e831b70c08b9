extension Sampler {
    /// Draws one of the tokens up to `last` by e^((logit − maximum) / temperature), walking them in their order in the
    /// vocabulary. Weights take the logits' place, and whole blocks are skipped by their sums.
    mutating func draw(from logits: UnsafeMutableBufferPointer<Float>, upTo last: RankKey) -> Int32 {
        // A temperature of 10⁻⁴⁰ has no finite inverse, and 0 · ∞ is no number.
        let scale = min(1 / parameters.temperature, .greatestFiniteMagnitude)
        let floor = max(last.logit, maxima.maximum + Limits.negligible * parameters.temperature)
        let sums = maxima.weigh(logits, scale: scale, upTo: last, least: floor, inPlace: true)
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
