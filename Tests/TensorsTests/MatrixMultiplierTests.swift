import Testing

@testable import Tensors

@Suite struct MatrixMultiplierTests {
    /// A matrix whose element is a simple function of its place, in F32 so that the test can compute with it.
    private final class Floats {
        let rows: Int
        let columns: Int
        let values: UnsafeMutableBufferPointer<Float>

        init(rows: Int, columns: Int) {
            self.rows = rows
            self.columns = columns
            values = .allocate(capacity: rows * columns)
            for at in 0..<rows * columns { values[at] = Float((at * 7919) % 17) - 8 }
        }

        deinit { values.deallocate() }

        func matrix() throws -> WeightMatrix {
            try WeightMatrix(type: .f32, rows: rows, columns: columns, bytes: UnsafeRawBufferPointer(values))
        }
    }

    /// Random bytes as Q8_0 or Q4_K blocks with a scale of one half, or as F16.
    private final class Quantized {
        let bytes: UnsafeMutableRawBufferPointer
        let type: WeightType
        let rows: Int
        let columns: Int

        init(_ type: WeightType, rows: Int, columns: Int) {
            (self.type, self.rows, self.columns) = (type, rows, columns)
            bytes = .allocate(byteCount: type.rowBytes(columns: columns) * rows, alignment: 1)
            var state = UInt32(rows)
            for at in 0..<bytes.count {
                state = state &* 1_664_525 &+ 1_013_904_223
                bytes[at] = UInt8(state >> 24)
            }
            for block in stride(from: 0, to: bytes.count, by: type.blockBytes) {
                if type == .f16 {
                    bytes[block + 1] &= 0xbf  // below 2
                    continue
                }
                bytes[block] = 0
                bytes[block + 1] = 0x38
                if type == .q4_K { (bytes[block + 2], bytes[block + 3]) = (0, 0x38) }
            }
        }

        deinit { bytes.deallocate() }

        func matrix() throws -> WeightMatrix {
            try WeightMatrix(type: type, rows: rows, columns: columns, bytes: UnsafeRawBufferPointer(bytes))
        }
    }

    private static let levels: [KernelLevel] = {
        let levels = KernelLevel.allCases.filter(\.isSupported)
        print("Multiplier levels tested: \(levels.map(\.rawValue).joined(separator: ", "))")
        return levels
    }()

    private func activations(_ n: Int, _ columns: Int) -> [Float] {
        (0..<n * columns).map { Float(($0 * 104_729) % 31) / 8 - 2 }
    }

    @Test func matricesOfOneJobGetTheirOwnProducts() throws {
        let (first, second) = (Floats(rows: 37, columns: 50), Floats(rows: 300, columns: 50))
        let input = activations(3, 50)
        for level in Self.levels {
            for threads in [1, 2, 5] {
                let multiplier = MatrixMultiplier(pool: ThreadPool(threads: threads), level: level)
                var a = [Float](repeating: .nan, count: 3 * 37)
                var b = [Float](repeating: .nan, count: 3 * 300)
                try a.withUnsafeMutableBufferPointer { a in
                    try b.withUnsafeMutableBufferPointer { b in
                        let outputs = (try #require(a.baseAddress), try #require(b.baseAddress))
                        multiplier.multiply(
                            [try first.matrix(), try second.matrix()], into: [outputs.0, outputs.1],
                            activations: input, rows: 3, columns: 50)
                    }
                }
                // Small integers and eighths: sums are exact whatever the order.
                for (matrix, found) in [(first, a), (second, b)] {
                    for row in 0..<3 {
                        for output in 0..<matrix.rows {
                            let exact = (0..<50).reduce(Float(0)) {
                                $0 + matrix.values[output * 50 + $1] * input[row * 50 + $1]
                            }
                            #expect(found[row * matrix.rows + output] == exact)
                        }
                    }
                }
            }
        }
    }

    @Test(arguments: [WeightType.f16, .q8_0, .q4_K]) func threadsAndBatchesDoNotChangeABit(type: WeightType) throws {
        let weights = Quantized(type, rows: 1000, columns: 512)
        let input = activations(9, 512)
        for level in Self.levels {
            var results: [[Float]] = []
            for threads in [1, 2, 3] {
                let multiplier = MatrixMultiplier(pool: ThreadPool(threads: threads), level: level)
                for batch in [9, 1, 4] {
                    var output = [Float](repeating: .nan, count: 9 * 1000)
                    try output.withUnsafeMutableBufferPointer { output in
                        let base = try #require(output.baseAddress)
                        try input.withUnsafeBufferPointer { input in
                            let start = try #require(input.baseAddress)
                            for row in stride(from: 0, to: 9, by: batch) {
                                multiplier.multiply(
                                    [try weights.matrix()], into: [base + row * 1000],
                                    activations: start + row * 512, rows: min(batch, 9 - row), columns: 512)
                            }
                        }
                    }
                    results.append(output)
                }
            }
            #expect(results.allSatisfy { $0 == results[0] }, "\(level)")
            #expect(results[0].allSatisfy { $0.isFinite })
        }
    }

    @Test func embeddingRowsAreTheWeights() throws {
        let weights = Floats(rows: 6, columns: 10)
        let multiplier = MatrixMultiplier(pool: ThreadPool(threads: 1))
        var output = [Float](repeating: .nan, count: 30)
        try output.withUnsafeMutableBufferPointer { output in
            multiplier.embed(tokens: [5, 0, 5], from: try weights.matrix(), into: try #require(output.baseAddress))
        }
        #expect(Array(output[0..<10]) == Array(weights.values[50..<60]))
        #expect(Array(output[10..<20]) == Array(weights.values[0..<10]))
        #expect(Array(output[20..<30]) == Array(weights.values[50..<60]))
    }

    @Test func plansCoverEveryRowOnce() {
        for rows in [1, 31, 32, 33, 1000, 151_936] {
            for work in [1, 8, 512] {
                let plan = ChunkPlan(
                    [.init(rows: 7, rowBytes: 100), .init(rows: rows, rowBytes: 576)], work: work, threads: 2)
                var next = [0, 0]
                for chunk in plan.chunks {
                    #expect(chunk.rows.lowerBound == next[chunk.matrix] && !chunk.rows.isEmpty)
                    next[chunk.matrix] = chunk.rows.upperBound
                }
                #expect(next == [7, rows])
            }
        }
    }

    @Test func chunksShrinkTowardsTheEndOfAJob() throws {
        let plan = ChunkPlan(
            [(2048, 576), (1024, 576), (1024, 840)].map(ChunkPlan.Shape.init), work: 1, threads: 2)
        let sizes = plan.chunks.map { $0.rows.count * ($0.matrix == 2 ? 840 : 576) }
        let total = sizes.reduce(0, +)
        #expect(try #require(sizes.first) > total / 5)
        #expect(try #require(sizes.last) <= 2 * ChunkPlan.smallestChunkBytes)
        #expect(sizes.count < 24)
        let alone = ChunkPlan([ChunkPlan.Shape(rows: 4096, rowBytes: 576)], work: 1, threads: 2).chunks
        #expect(alone[0].rows.count == 1024 && alone[1].rows.count == 1024 && alone[2].rows.count == 512)
    }

    @Test func plansAreKeptByShape() {
        var plans = ChunkPlans(threads: 2)
        for rows in [100, 4000, 100] {
            for work in [1, 8, 512, 1] {
                let shapes = [ChunkPlan.Shape(rows: rows, rowBytes: 576), ChunkPlan.Shape(rows: 64, rowBytes: rows)]
                let (kept, own) = (plans.plan(shapes, work: work), ChunkPlan(shapes, work: work, threads: 2))
                #expect(kept.chunks.map(\.rows) == own.chunks.map(\.rows))
                #expect(kept.chunks.map(\.matrix) == own.chunks.map(\.matrix))
            }
        }
        // More shapes than are kept.
        for rows in 1...40 {
            let plan = plans.plan([ChunkPlan.Shape(rows: rows, rowBytes: 18)], work: 1)
            #expect(plan.chunks.last?.rows.upperBound == rows)
        }
    }
}
