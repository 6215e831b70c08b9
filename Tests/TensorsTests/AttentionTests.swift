import Tensors
import Testing

@Suite("Attention over KV blocks", .serialized)
struct AttentionTests {
    /// (head dimension, KV heads, query heads): the families' shapes and awkward ones.
    static let shapes = [
        (32, 2, 2), (64, 8, 32), (80, 1, 4), (96, 2, 6), (128, 2, 4), (256, 1, 1), (40, 1, 3), (64, 2, 14), (8, 1, 1),
    ]

    @Test("results agree with double precision within 1e-4, in one chunk", arguments: TestLevels.supported)
    func agreesWithExact(level: KernelLevel) {
        let pool = ThreadPool(threads: 2)
        var worst = 0.0
        let shapes = level == .scalar ? Array(Self.shapes.prefix(3)) : Self.shapes
        for (dimension, keyValueHeads, heads) in shapes {
            let layout = KVBlockLayout(layers: 2, keyValueHeads: keyValueHeads, headDimension: dimension)
            for tokens in [1, 2, 17, 64, 65, 130, 600] {
                let fixture = AttentionFixture(
                    layout: layout, heads: heads, tokens: tokens, layer: 1, seed: UInt64(tokens + dimension))
                let run = AttentionRun(attention: Attention(pool: pool, layout: layout, heads: heads, level: level))
                let output = run.sequence(fixture, chunks: [tokens])
                for token in Set([0, tokens / 2, max(0, tokens - 2), tokens - 1]) {
                    for head in Set([0, heads / 2, heads - 1]) {
                        let exact = fixture.exact(token: token, head: head)
                        for d in 0..<dimension {
                            let value = Double(output[fixture.queryRow(token) + head * dimension + d])
                            worst = max(worst, value.isNaN ? .infinity : abs(value - exact[d]))
                        }
                    }
                }
            }
        }
        #expect(worst <= 1e-4)
        print("attention, \(level): largest error \(worst) with values in -1…1")
    }

    @Test("a token's result has the same bits in any chunking", arguments: TestLevels.supported)
    func chunksDoNotMatter(level: KernelLevel) {
        // The portable level is slow, and handles row after row whatever the shape.
        let shapes = level == .scalar ? [(64, 1, 2)] : [(64, 2, 4), (128, 1, 2), (80, 1, 1), (40, 2, 14), (16, 8, 16)]
        for (dimension, keyValueHeads, heads) in shapes {
            let layout = KVBlockLayout(layers: 1, keyValueHeads: keyValueHeads, headDimension: dimension)
            let fixture = AttentionFixture(layout: layout, heads: heads, tokens: 1150, seed: 9)
            var expected: [Float]?
            // One thread never splits by position; many threads do for short chunks.
            for (threads, chunks) in [(1, [1150]), (1, [1]), (8, [1]), (2, [7, 64, 1, 100]), (3, [512]), (2, [33])] {
                let pool = ThreadPool(threads: threads)
                fixture.reset()
                let run = AttentionRun(attention: Attention(pool: pool, layout: layout, heads: heads, level: level))
                let output = run.sequence(fixture, chunks: chunks)
                if let expected {
                    let differing = zip(output, expected).count { $0.bitPattern != $1.bitPattern }
                    #expect(differing == 0, "\(threads) threads, chunks of \(chunks), heads of \(dimension)")
                } else {
                    #expect(!output.contains { $0.isNaN })
                    expected = output
                }
            }
        }
    }

    @Test("heads that are normed and turned on the way have the bits of those turned before")
    func turnsOnTheWay() {
        let layout = KVBlockLayout(layers: 1, keyValueHeads: 8, headDimension: 64)
        let fixture = AttentionFixture(layout: layout, heads: 16, tokens: 520, seed: 31)
        var numbers = TestNumbers(32)
        let weights = numbers.floats(64)
        // A chunk of a prompt, another, then tokens one by one: whole heads with two threads, split by position with
        // eight.
        for threads in [2, 8] {
            let pool = ThreadPool(threads: threads)
            let outputs = [true, false].map { isBefore in
                fixture.reset()
                let attention = Attention(pool: pool, layout: layout, heads: 16)
                return weights.withUnsafeBufferPointer { norm in
                    let turning = AttentionRun.Turning(pool: pool, level: .best, norm: norm, isBefore: isBefore)
                    return AttentionRun(attention: attention, turning: turning)
                        .sequence(fixture, chunks: [510, 3, 1, 1])
                }
            }
            #expect(!outputs[0].contains { $0.isNaN })
            #expect(zip(outputs[0], outputs[1]).allSatisfy { $0.bitPattern == $1.bitPattern }, "\(threads) threads")
        }
    }

    @Test(
        "a token's result has the same bits in any batch, turned or not",
        arguments: TestLevels.supported,
        [false, true])
    func batchesDoNotMatter(level: KernelLevel, isTurned: Bool) {
        let layout = KVBlockLayout(layers: 1, keyValueHeads: 2, headDimension: 64)
        let lengths = [1, 70, 600, 1100]
        let fixtures = lengths.enumerated().map {
            AttentionFixture(layout: layout, heads: 8, tokens: $1, seed: UInt64(20 + $0))
        }
        let pool = ThreadPool(threads: 3)
        var numbers = TestNumbers(33)
        numbers.floats(64).withUnsafeBufferPointer { norm in
            let run = AttentionRun(
                attention: Attention(pool: pool, layout: layout, heads: 8, level: level),
                turning: isTurned ? .init(pool: pool, level: level, norm: norm, isBefore: false) : nil)
            let alone = fixtures.map { run.sequence($0, chunks: [$0.tokens]) }
            for fixture in fixtures { fixture.reset() }
            var together = fixtures.map { [Float](repeating: .nan, count: $0.queries.count) }
            // All but the last token of each, then one step of decoding for all together with the whole of the first.
            run.batch(
                (1..<4).map { (fixtures[$0], 0..<lengths[$0] - 1) }, into: &together, at: Array(1..<4))
            run.batch(
                [3, 0, 1, 2].map { (fixtures[$0], lengths[$0] - 1..<lengths[$0]) }, into: &together, at: [3, 0, 1, 2])
            for number in fixtures.indices {
                let differing = zip(together[number], alone[number]).count { $0.bitPattern != $1.bitPattern }
                #expect(differing == 0, "sequence \(number) of \(lengths[number]) tokens")
            }
        }
    }

    @Test("keys and values lie where the layout says, and nothing else is touched", arguments: TestLevels.supported)
    func layoutIsKept(level: KernelLevel) {
        let layout = KVBlockLayout(layers: 3, keyValueHeads: 2, headDimension: 24)
        let fixture = AttentionFixture(layout: layout, heads: 2, tokens: 100, layer: 1, seed: 30)
        let pool = ThreadPool(threads: 2)
        let run = AttentionRun(attention: Attention(pool: pool, layout: layout, heads: 2, level: level))
        _ = run.sequence(fixture, chunks: [3, 40])
        let tile = 64 * (4 + 24 * 2)
        #expect(layout.tileBytes == tile && layout.layerBytes == 2 * 2 * tile && layout.blockBytes == 3 * 2 * 2 * tile)
        var expected = [[UInt8]](repeating: [UInt8](repeating: 0xFF, count: layout.blockBytes), count: 2)
        for token in 0..<100 {
            let (block, slot) = (token / 64, token % 64)
            for head in 0..<2 {
                let source = fixture.keyRow(token) + head * 24
                let key = RoundedHead(key: Array(fixture.keys[source..<source + 24]))
                let value = RoundedHead(value: Array(fixture.values[source..<source + 24]))
                let keys = layout.keysOffset(layer: 1, head: head)
                let values = keys + layout.tileBytes
                let scales = 64 * 4
                expected[block].withUnsafeMutableBytes { bytes in
                    bytes.storeBytes(of: key.scale, toByteOffset: keys + slot * 4, as: Float.self)
                    bytes.storeBytes(of: value.scale, toByteOffset: values + slot * 4, as: Float.self)
                    for d in 0..<24 {
                        let keyAt = keys + scales + ((d / 2 * 64 + slot) * 2 + d % 2) * 2
                        let valueAt = values + scales + ((slot / 2 * 24 + d) * 2 + slot % 2) * 2
                        bytes.storeBytes(of: key.integers[d], toByteOffset: keyAt, as: Int16.self)
                        bytes.storeBytes(of: value.integers[d], toByteOffset: valueAt, as: Int16.self)
                    }
                }
            }
        }
        for block in 0..<2 {
            let actual = UnsafeRawBufferPointer(start: fixture.blocks[block], count: layout.blockBytes)
            #expect(actual.elementsEqual(expected[block]))
        }
    }

    @Test("scores far apart: all the weight on one token, without NaN", arguments: TestLevels.supported)
    func sharpScores(level: KernelLevel) {
        let layout = KVBlockLayout(layers: 1, keyValueHeads: 1, headDimension: 64)
        let fixture = AttentionFixture(layout: layout, heads: 1, tokens: 700, seed: 40, sharpness: 3000)
        let pool = ThreadPool(threads: 2)
        let run = AttentionRun(attention: Attention(pool: pool, layout: layout, heads: 1, level: level))
        let output = run.sequence(fixture, chunks: [700])
        for token in [0, 63, 511, 512, 699] {
            let exact = fixture.exact(token: token, head: 0)
            for d in 0..<64 { #expect(abs(Double(output[fixture.queryRow(token) + d]) - exact[d]) <= 2e-3) }
        }
    }
}
