internal import Tensors

/// What top-k, top-p and min-p leave is always a head of the ranking, so one key says it: that of the last token kept.
extension Sampler {
    /// The last token that all three let through.
    mutating func lastKept(of logits: UnsafeMutableBufferPointer<Float>) -> RankKey {
        var last = RankKey.end
        if parameters.topK > 0, parameters.topK < vocabularySize {
            maxima.findLikeliest(parameters.topK, in: logits, keys: &candidates)
            last = candidates.max() ?? last
            if parameters.topP < 1 {
                let total = candidates.reduce(0) { $0 + weight($1) }
                last = RankKey.cut(candidates, target: Double(parameters.topP) * total, weight: weight) ?? last
            }
        } else if parameters.topP < 1 {
            last = lastOfTopP(of: logits)
        }
        if parameters.minP > 0 { last = min(last, lastKey { Exponential.of($0) >= parameters.minP }) }
        return last
    }

    private func weight(_ key: RankKey) -> Double { Double(Exponential.of(key.logit - maxima.maximum)) }

    /// The end of the shortest head of the ranking that holds `topP` of all weight. Keys are made only of logits in the
    /// bin where it lies.
    private func lastOfTopP(of logits: UnsafeMutableBufferPointer<Float>) -> RankKey {
        let cut = maxima.bins(of: logits).cut(share: Double(parameters.topP))
        let first =
            cut.bin == 0
            ? maxima.maximum : lastKey { LogitOperations.isWithin(bin: cut.bin - 1, $0) }.logit.nextDown
        let last = lastKey { LogitOperations.isWithin(bin: cut.bin, $0) }.logit
        let tokens = maxima.find(
            from: last, to: first, least: maxima.leastOfWeight, in: logits, expected: cut.atMost)
        let keys = tokens.map { RankKey(logit: logits[Int($0)], token: Int($0)) }
        return RankKey.cut(keys, target: cut.rest, weight: weight) ?? .end
    }

    /// The last key whose logit, less the maximum, is one of those near 0 for which `holds`, found by halving.
    private func lastKey(where holds: (Float) -> Bool) -> RankKey {
        var near = RankKey(logit: maxima.maximum, token: 0).bits
        var far = RankKey(logit: -.infinity, token: 0).bits
        while far - near > 1 {
            let middle = near + (far - near) / 2
            if holds(RankKey(bits: middle).logit - maxima.maximum) { near = middle } else { far = middle }
        }
        return RankKey(bits: near)
    }
}
