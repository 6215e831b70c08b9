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

    /// Double precision over queries, keys and values as they are rounded.
    func exact(token: Int, head: Int) -> [Double] {
        let dimension = layout.headDimension
        let shared = head / (heads / layout.keyValueHeads)
        func elements(_ list: [Float], _ row: Int, _ rounding: ([Float]) -> RoundedHead) -> [Double] {
            rounding(Array(list[row..<row + dimension])).elements
        }
        func cached(_ list: [Float], _ rounding: ([Float]) -> RoundedHead) -> [[Double]] {
            (0...token).map { elements(list, keyRow($0) + shared * dimension, rounding) }
        }
        let query = elements(queries, queryRow(token) + head * dimension, RoundedHead.init(key:))
        let scores = cached(keys, RoundedHead.init(key:)).map { key in
            zip(query, key).map(*).reduce(0, +) / sqrt(Double(dimension))
        }
        let largest = scores.max() ?? 0
        let weights = scores.map { exp($0 - largest) }
        let sum = weights.reduce(0, +)
        let values = cached(values, RoundedHead.init(value:))
        return (0..<dimension).map { d in zip(weights, values).map { $0 * $1[d] }.reduce(0, +) / sum }
    }
}

/// A head's elements as integers and a scale, in the arithmetic of CKernels/attention.h.
struct RoundedHead {
    let integers: [Int16]
    let scale: Float

    /// A query or key: bounded by its norm.
    init(key: [Float]) {
        var squares = [Float](repeating: 0, count: 16)
        for (index, x) in key.enumerated() { squares[index % 16].addProduct(x, x) }
        while squares.count > 1 {
            let half = squares.count / 2
            squares = (0..<half).map { squares[$0] + squares[$0 + half] }
        }
        self.init(key, factor: min(46000 / squares[0].squareRoot(), 32767 / Self.largest(key)))
    }

    /// A value: bounded by its largest element.
    init(value: [Float]) { self.init(value, factor: 8191 / Self.largest(value)) }

    private init(_ elements: [Float], factor: Float) {
        let factor = factor < .infinity ? factor : 0
        integers = elements.map { Int16((Double($0) * Double(factor)).rounded(.toNearestOrEven)) }
        scale = factor == 0 ? 0 : 1 / factor
    }

    private static func largest(_ elements: [Float]) -> Float { elements.map(abs).max() ?? 0 }

    var elements: [Double] { integers.map { Double($0) * Double(scale) } }
}

/// Runs fixtures' tokens through an `Attention` in batches.
struct AttentionRun {
    let attention: Attention
    /// Norms and positions, if the heads get any: by attention on the way, or before it.
    var turning: Turning?

    struct Turning {
        let pool: ThreadPool
        let level: KernelLevel
        let norm: UnsafeBufferPointer<Float>
        var isBefore: Bool
    }

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
        var turns = RotaryTurns(
            table: RotaryTable(dimension: attention.layout.headDimension, base: 10_000, style: .halves))
        let turn = turning.map { turning in
            turns.update(positions: parts.flatMap { Array($0.tokens) }, pool: turning.pool)
            return VectorOperations(pool: turning.pool, level: turning.level).headTurn(
                norm: turning.norm.baseAddress, epsilon: 1e-6, headDimension: turning.norm.count, turns: turns)
        }
        let onTheWay = turning?.isBefore == false ? turn : nil
        if let turn, turning?.isBefore == true {
            let dimension = attention.layout.headDimension
            for row in 0..<turns.count {
                func apply(_ heads: Int, _ values: UnsafeMutableBufferPointer<Float>) {
                    let width = heads * dimension
                    guard let base = values.baseAddress else { return }
                    turn.apply(to: base + row * width, count: heads, rows: row..<row + 1, stride: width)
                }
                queries.withUnsafeMutableBufferPointer { apply(attention.heads, $0) }
                keys.withUnsafeMutableBufferPointer { apply(attention.layout.keyValueHeads, $0) }
            }
        }
        var results = [Float](repeating: .nan, count: queries.count)
        keys.withUnsafeMutableBufferPointer { keys in
            values.withUnsafeBufferPointer { values in
                guard let keys = keys.baseAddress, let values = values.baseAddress else { return }
                attention.attend(
                    queries: &queries, turn: onTheWay, layer: layer, output: &results,
                    storing: .init(keys: keys, values: values, turn: onTheWay))
            }
        }
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
