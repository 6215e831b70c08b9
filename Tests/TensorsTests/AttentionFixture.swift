import Tensors

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// One sequence of random queries, keys and values, and its blocks; slots start out as NaNs.
final class AttentionFixture {
    let layout: KVBlockLayout
    let heads: Int
    let tokens: Int
    let layer: Int
    let queries: [Float]
    let keys: [Float]
    let values: [Float]
    private(set) var blocks: [UnsafeMutableRawPointer] = []

    init(layout: KVBlockLayout, heads: Int, tokens: Int, layer: Int = 0, seed: UInt64, sharpness: Float = 4) {
        var numbers = TestNumbers(seed)
        self.layout = layout
        self.heads = heads
        self.tokens = tokens
        self.layer = layer
        let width = layout.keyValueHeads * layout.headDimension
        queries = numbers.floats(tokens * heads * layout.headDimension, in: -sharpness...sharpness)
        keys = numbers.floats(tokens * width)
        values = numbers.floats(tokens * width)
        reset()
    }

    deinit { for block in blocks { block.deallocate() } }

    /// Fresh blocks full of NaNs.
    func reset() {
        for block in blocks { block.deallocate() }
        blocks = (0..<KVBlockLayout.blocks(for: tokens)).map { _ in
            // An odd multiple of 16: nothing may depend on more.
            let block = UnsafeMutableRawPointer.allocate(byteCount: layout.blockBytes, alignment: 64)
            block.initializeMemory(as: UInt8.self, repeating: 0xFF, count: layout.blockBytes)
            return block
        }
    }

    func queryRow(_ token: Int) -> Int { token * heads * layout.headDimension }
    func keyRow(_ token: Int) -> Int { token * layout.keyValueHeads * layout.headDimension }

    /// Double precision over keys and values rounded to binary16.
    func exact(token: Int, head: Int) -> [Double] {
        let dimension = layout.headDimension
        let shared = head / (heads / layout.keyValueHeads)
        let query = queryRow(token) + head * dimension
        func at(_ list: [Float], _ position: Int, _ d: Int) -> Double {
            Double(Float16Bits.rounded(list[keyRow(position) + shared * dimension + d]))
        }
        let scores = (0...token).map { position in
            (0..<dimension).map { Double(queries[query + $0]) * at(keys, position, $0) }.reduce(0, +)
                / sqrt(Double(dimension))
        }
        let largest = scores.max() ?? 0
        let weights = scores.map { exp($0 - largest) }
        let sum = weights.reduce(0, +)
        return (0..<dimension).map { d in
            (0...token).map { weights[$0] * at(values, $0, d) }.reduce(0, +) / sum
        }
    }
}

/// Runs fixtures' tokens through an `Attention` in batches.
struct AttentionRun {
    let attention: Attention

    /// `parts`: which tokens of which fixture the batch holds. Results land in `outputs`, `[tokens, heads, headDimension]` each.
    func batch(_ parts: [(fixture: AttentionFixture, tokens: Range<Int>)], into outputs: inout [[Float]], at: [Int]) {
        var (queries, keys, values): ([Float], [Float], [Float]) = ([], [], [])
        for (fixture, tokens) in parts {
            queries += fixture.queries[fixture.queryRow(tokens.lowerBound)..<fixture.queryRow(tokens.upperBound)]
            keys += fixture.keys[fixture.keyRow(tokens.lowerBound)..<fixture.keyRow(tokens.upperBound)]
            values += fixture.values[fixture.keyRow(tokens.lowerBound)..<fixture.keyRow(tokens.upperBound)]
        }
        attention.prepare(
            parts.map {
                AttentionSequence(
                    blocks: Array($0.fixture.blocks.prefix(KVBlockLayout.blocks(for: $0.tokens.upperBound))),
                    firstPosition: $0.tokens.lowerBound, count: $0.tokens.count)
            })
        let layer = parts[0].fixture.layer
        attention.store(keys: keys, values: values, layer: layer)
        var results = [Float](repeating: .nan, count: queries.count)
        attention.attend(queries: queries, layer: layer, output: &results)
        var row = 0
        for (number, (fixture, tokens)) in parts.enumerated() {
            let begin = fixture.queryRow(tokens.lowerBound)
            for i in 0..<fixture.queryRow(tokens.count) { outputs[at[number]][begin + i] = results[row + i] }
            row += fixture.queryRow(tokens.count)
        }
    }

    /// One sequence in chunks of these sizes, repeated until it ends.
    func sequence(_ fixture: AttentionFixture, chunks: [Int]) -> [Float] {
        var outputs = [[Float](repeating: .nan, count: fixture.queries.count)]
        var (begin, turn) = (0, 0)
        while begin < fixture.tokens {
            let end = min(fixture.tokens, begin + chunks[turn % chunks.count])
            batch([(fixture, begin..<end)], into: &outputs, at: [0])
            (begin, turn) = (end, turn + 1)
        }
        return outputs[0]
    }
}

enum Float16Bits {
    /// The nearest binary16 value of a number in -65504…65504, ties to even.
    static func rounded(_ value: Float) -> Float {
        if value == 0 { return value }
        let step = max(Float(sign: .plus, exponent: value.exponent, significand: 1) * 0x1p-10, 0x1p-24)
        return (value / step).rounded(.toNearestOrEven) * step
    }
}
