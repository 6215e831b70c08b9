internal import Tensors

/// The largest logit of every block of `LogitOperations.block`, and of all: one pass over the vocabulary, after which
/// most blocks need no second look. NaN counts as −∞.
struct BlockMaxima: Sendable {
    private let operations = LogitOperations.chosen
    private(set) var values: [Float] = []
    private(set) var maximum = -Float.infinity

    /// Logits below this weigh next to nothing: blocks that hold no others are passed over.
    var leastOfWeight: Float { maximum + Limits.negligible }

    mutating func update(_ logits: UnsafeMutableBufferPointer<Float>) {
        values = operations.maxima(of: logits)
        maximum = values.reduce(-.infinity) { $1 > $0 ? $1 : $0 }
    }

    /// The lowest index that holds the maximum; nil if there is no finite or +∞ logit.
    func firstIndexOfMaximum(in logits: UnsafeMutableBufferPointer<Float>) -> Int? {
        guard maximum > -.infinity, let block = values.firstIndex(of: maximum) else { return nil }
        return Self.range(of: block, in: logits.count).first { logits[$0] == maximum }
    }

    static func range(of block: Int, in count: Int) -> Range<Int> {
        block * LogitOperations.block..<min((block + 1) * LogitOperations.block, count)
    }

    /// The sums of e^((logit − maximum) · scale) of each block, of the logits up to `last`; 0 of blocks that hold none of
    /// at least `least`. `inPlace`: these weights take the logits' place.
    func weigh(
        _ logits: UnsafeMutableBufferPointer<Float>, scale: Float = 1, upTo last: RankKey = .end, least: Float,
        inPlace: Bool
    ) -> [Double] {
        operations.weigh(
            known(logits, least: least), scale: scale, lastLogit: last.logit, lastToken: last.token, inPlace: inPlace)
    }

    /// The weights of all logits, added up in bins.
    func bins(of logits: UnsafeMutableBufferPointer<Float>) -> DistanceBins {
        DistanceBins(shares: operations.sharesOfBins(known(logits, least: leastOfWeight)))
    }

    /// The tokens with logits from `lowest` to `highest`, rising, in blocks that hold one of at least `least`; `expected`
    /// is how many these may be.
    func find(
        from lowest: Float, to highest: Float = .infinity, least: Float,
        in logits: UnsafeMutableBufferPointer<Float>, expected: Int
    ) -> [Int32] {
        guard lowest <= highest else { return [] }
        return operations.find(lowest...highest, in: known(logits, least: max(lowest, least)), expected: expected)
    }

    private func known(_ logits: UnsafeMutableBufferPointer<Float>, least: Float) -> LogitOperations.Logits {
        LogitOperations.Logits(logits, maxima: values, largest: maximum, least: least)
    }

    /// Fills `keys` with the `count` logits that rank first, in no order; fewer if fewer are above −∞.
    ///
    /// At least that many are no less than the maximum that ranks `count`-th, so whatever is less is out at once.
    func findLikeliest(
        _ count: Int, in logits: UnsafeMutableBufferPointer<Float>, keys: inout [RankKey]
    ) {
        keys.removeAll(keepingCapacity: true)
        var floor = -Float.greatestFiniteMagnitude
        if count <= values.count {
            let blocks = values.enumerated().map { RankKey(logit: $1, token: $0) }
            let last = RankKey.cut(blocks, target: Double(count), weight: { _ in 1 })
            floor = max(last?.logit ?? floor, floor)
        }
        let expected = min(count, logits.count) + LogitOperations.block * 16
        for token in find(from: floor, least: floor, in: logits, expected: expected) {
            keys.append(RankKey(logit: logits[Int(token)], token: Int(token)))
        }
        guard keys.count > count, let last = RankKey.cut(keys, target: Double(count), weight: { _ in 1 }) else {
            return
        }
        keys.removeAll { $0 > last }
    }
}
