import Tensors
import Testing

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

@Suite("Vector kernels against double precision", .serialized)
struct VectorOperationsTests {
    static let lengths = [1, 2, 3, 7, 8, 15, 16, 17, 31, 33, 63, 64, 65, 127, 128, 200, 1024, 4099]
    let pool = ThreadPool(threads: 3)

    @Test("exp is at most 2 ulp off, and exact at the ends", arguments: TestLevels.supported)
    func exponential(level: KernelLevel) {
        let operations = VectorOperations(pool: pool, level: level)
        var input: [Float] = stride(from: Float(-87.3), to: 88.72, by: 0.0003).map { $0 }
        input += stride(from: Float(-0.001), to: 0.001, by: 1e-7)
        var output = [Float](repeating: .nan, count: input.count)
        operations.exponential(input, count: input.count, into: &output)
        var worst = 0.0
        for (x, y) in zip(input, output) {
            let exact = exp(Double(x))
            worst = max(worst, abs(Double(y) - exact) / ulp(exact))
        }
        #expect(worst <= 2)
        let ends: [Float] = [0, -0.0, -.infinity, -1000, .infinity, 200, .nan]
        var results = [Float](repeating: 7, count: ends.count)
        operations.exponential(ends, count: ends.count, into: &results)
        #expect(Array(results[..<6]) == [1, 1, 0, 0, .infinity, .infinity])
        #expect(results[6].isNaN)
        print("exp, \(level): \(worst) ulp at most over \(input.count) values")
    }

    @Test("RMSNorm, with and without weights, in place and not", arguments: TestLevels.supported)
    func rmsNorm(level: KernelLevel) {
        let operations = VectorOperations(pool: pool, level: level)
        var numbers = TestNumbers(1)
        for width in Self.lengths {
            let rows = width == 1024 ? 70 : 3
            let (input, weight) = (numbers.floats(rows * width, in: -3...3), numbers.floats(width))
            var (weighted, plain) = (input, [Float](repeating: 0, count: input.count))
            weighted.withUnsafeMutableBufferPointer { values in
                guard let base = values.baseAddress else { return }
                operations.rmsNorm(base, weight: weight, rows: rows, width: width, epsilon: 1e-5, into: base)
            }
            operations.rmsNorm(input, weight: nil, rows: rows, width: width, epsilon: 1e-5, into: &plain)
            for row in 0..<rows {
                let values = input[row * width..<(row + 1) * width].map(Double.init)
                let factor = 1 / sqrt(values.map { $0 * $0 }.reduce(0, +) / Double(width) + Double(Float(1e-5)))
                for i in 0..<width {
                    let exact = values[i] * factor
                    #expect(abs(Double(plain[row * width + i]) - exact) <= 1e-6 * abs(exact))
                    let scaled = exact * Double(weight[i])
                    #expect(abs(Double(weighted[row * width + i]) - scaled) <= 1e-6 * abs(scaled))
                }
            }
        }
    }

    @Test("silu · up, sums and biases", arguments: TestLevels.supported)
    func elementwise(level: KernelLevel) {
        let operations = VectorOperations(pool: pool, level: level)
        var numbers = TestNumbers(2)
        for width in Self.lengths {
            let rows = width == 4099 ? 9 : 2
            let gate = numbers.floats(rows * width, in: -20...20)
            let up = numbers.floats(rows * width, in: -4...4)
            var product = gate
            product.withUnsafeMutableBufferPointer { values in
                guard let base = values.baseAddress else { return }
                up.withUnsafeBufferPointer { up in
                    guard let up = up.baseAddress else { return }
                    let gated = operations.gated(gate: base, up: up, width: width, place: base)
                    for row in 0..<rows { _ = gated.row(row) }
                }
            }
            var sum = gate
            operations.add(up, to: &sum, rows: rows, width: width)
            var biased = gate
            operations.addBias(Array(up[..<width]), to: &biased, rows: rows, width: width)
            for i in 0..<rows * width {
                let exact = Double(gate[i]) / (1 + exp(-Double(gate[i]))) * Double(up[i])
                #expect(abs(Double(product[i]) - exact) <= 5e-7 * abs(exact) + 1e-30)
                #expect(sum[i] == gate[i] + up[i])
                #expect(biased[i] == gate[i] + up[i % width])
            }
        }
        // Far out in both directions: silu(x) → x and → 0 without NaN.
        let far: [Float] = [-1000, -100, -88, 100, 1000]
        var results = far
        results.withUnsafeMutableBufferPointer { values in
            [Float](repeating: 1, count: far.count).withUnsafeBufferPointer { ones in
                guard let base = values.baseAddress, let ones = ones.baseAddress else { return }
                _ = operations.gated(gate: base, up: ones, width: far.count, place: base).row(0)
            }
        }
        #expect(results[0] == 0 && abs(results[1]) < 1e-30 && abs(results[2]) < 1e-30)
        #expect(results[3] == 100 && results[4] == 1000)
    }

    @Test("softmax and log-sum-exp over a whole vocabulary", arguments: TestLevels.supported)
    func softmax(level: KernelLevel) {
        let operations = VectorOperations(pool: pool, level: level)
        var numbers = TestNumbers(3)
        for count in Self.lengths + [151_936] {
            let logits = numbers.floats(count, in: -12...14)
            let largest = Double(logits.max() ?? 0)
            let sum = logits.map { exp(Double($0) - largest) }.reduce(0, +)
            #expect(
                abs(Double(logits.withUnsafeBufferPointer { operations.logSumExp($0) }) - (largest + log(sum)))
                    <= 3e-7 * max(1, abs(largest)))
            var probabilities = logits
            probabilities.withUnsafeMutableBufferPointer { operations.softmax($0) }
            var worst = 0.0
            for i in 0..<count {
                let exact = exp(Double(logits[i]) - largest) / sum
                let error = abs(Double(probabilities[i]) - exact) / exact
                worst = max(worst, error.isNaN ? .infinity : error)
            }
            // A logit's difference to the largest, up to 26, is rounded before exp.
            #expect(worst <= 1.5e-6, "\(count) logits")
        }
        #expect(
            UnsafeBufferPointer<Float>(start: nil, count: 0).withMemoryRebound(to: Float.self) {
                operations.logSumExp($0)
            } == -.infinity)
    }

    @Test("argmax finds the first of equals wherever it is, and passes over NaN", arguments: TestLevels.supported)
    func argmax(level: KernelLevel) {
        let operations = VectorOperations(pool: pool, level: level)
        var numbers = TestNumbers(4)
        for count in Self.lengths + [50_000] {
            for _ in 0..<20 {
                var values = numbers.floats(count, in: -5...5)
                let (first, second) = (
                    Int.random(in: 0..<count, using: &numbers), Int.random(in: 0..<count, using: &numbers)
                )
                values[first] = 6
                values[second] = 6
                if count > 2 { values[(max(first, second) + 1) % count] = .nan }
                let expected =
                    values.indices.first { values[$0] == 6 } ?? values.indices.max { !(values[$0] >= values[$1]) } ?? 0
                #expect(values.withUnsafeBufferPointer { operations.argmax($0) } == expected)
            }
        }
        let hopeless: [[Float]] = [[.nan, .nan], [-.infinity, -.infinity, -.infinity], [.nan]]
        for values in hopeless { #expect(values.withUnsafeBufferPointer { operations.argmax($0) } == 0) }
        let afterInfinity: [Float] = [-.infinity, -3, .nan, -2, -2]
        #expect(afterInfinity.withUnsafeBufferPointer { operations.argmax($0) } == 3)
        #expect(operations.argmax(UnsafeBufferPointer(start: nil, count: 0)) == nil)
    }
}
