import Tensors
import Testing

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

@Suite("Rotary positions")
struct RotaryTests {
    @Test("both styles turn the right pairs by position times frequency", arguments: TestLevels.supported)
    func turnsPairs(level: KernelLevel) {
        let pool = ThreadPool(threads: 2)
        let operations = VectorOperations(pool: pool, level: level)
        var numbers = TestNumbers(5)
        for style in [RotaryTable.Style.interleaved, .halves] {
            // (head dimension, turned elements): whole heads, partial ones, odd shapes.
            for (width, dimension) in [(64, 64), (128, 128), (80, 32), (40, 40), (96, 72), (8, 6)] {
                let positions = [0, 1, 77, 4095, 131_071]
                let heads = 3
                let input = numbers.floats(positions.count * heads * width)
                let table = RotaryTable(dimension: dimension, base: 10_000, style: style)
                var turns = RotaryTurns(table: table)
                turns.update(positions: positions, pool: pool)
                var output = input
                let turn = operations.headTurn(norm: nil, epsilon: 0, headDimension: width, turns: turns)
                output.withUnsafeMutableBufferPointer { output in
                    guard let base = output.baseAddress else { return }
                    turn.apply(to: base, count: heads, rows: positions.indices, stride: heads * width)
                }
                for row in 0..<positions.count * heads {
                    var expected = input[row * width..<(row + 1) * width].map(Double.init)
                    for pair in 0..<dimension / 2 {
                        let (i, j) =
                            style == .interleaved ? (2 * pair, 2 * pair + 1) : (pair, pair + dimension / 2)
                        let angle =
                            Double(positions[row / heads]) * pow(10_000, -2 * Double(pair) / Double(dimension))
                        let (x, y) = (expected[i], expected[j])
                        expected[i] = x * cos(angle) - y * sin(angle)
                        expected[j] = x * sin(angle) + y * cos(angle)
                    }
                    for i in 0..<width { #expect(abs(Double(output[row * width + i]) - expected[i]) <= 3e-7) }
                }
            }
        }
    }

    @Test("linear scaling and Llama 3's factors divide the frequencies")
    func scaledFrequencies() {
        let plain = RotaryTable(dimension: 8, base: 500_000, style: .interleaved)
        let linear = RotaryTable(dimension: 8, base: 500_000, style: .interleaved, scaling: .linear(factor: 4))
        let factors: [Float] = [1, 1, 3.5, 8]
        let llama3 = RotaryTable(dimension: 8, base: 500_000, style: .interleaved, frequencyFactors: factors)
        #expect(plain.frequencies[0] == 1 && plain.magnitude == 1)
        for pair in 0..<4 {
            #expect(linear.frequencies[pair] == plain.frequencies[pair] / 4)
            #expect(llama3.frequencies[pair] == plain.frequencies[pair] / Double(factors[pair]))
        }
    }

    @Test("YaRN keeps fast pairs, stretches slow ones, mixes between, and corrects the magnitude")
    func yarn() {
        // Qwen's published setting: factor 4 over 32768 trained positions, base 10^6, heads of 128.
        let base = 1_000_000.0
        let plain = RotaryTable(dimension: 128, base: Float(base), style: .halves)
        let scaling = YarnScaling(factor: 4, originalContext: 32768)
        let yarn = RotaryTable(dimension: 128, base: Float(base), style: .halves, scaling: .yarn(scaling))
        // Bounds of the mixture by the paper's formula: pairs that turn 32 times and once in 32768 positions.
        let (low, high) = (23.0, 40.0)
        for turns in [32.0, 1.0] {
            let pair = 128 * log(32768 / (turns * 2 * Double.pi)) / (2 * log(base))
            #expect(turns == 32 ? pair.rounded(.down) == low : pair.rounded(.up) == high)
        }
        for pair in 0..<64 {
            let stretched = min(1, max(0, (Double(pair) - low) / (high - low)))
            let expected = plain.frequencies[pair] * (1 - stretched) + plain.frequencies[pair] / 4 * stretched
            #expect(abs(yarn.frequencies[pair] - expected) <= 1e-12 * expected)
        }
        #expect(abs(yarn.magnitude - (1 + 0.1 * logf(4))) < 1e-6)
        let off = YarnScaling(factor: 4, originalContext: 32768, extrapolationFactor: 0)
        let linear = RotaryTable(dimension: 128, base: Float(base), style: .halves, scaling: .yarn(off))
        #expect(linear.frequencies[0] == 0.25 && linear.magnitude == 1)
    }

    @Test("the magnitude multiplies what is turned")
    func magnitude() {
        let pool = ThreadPool(threads: 1)
        let operations = VectorOperations(pool: pool, level: .scalar)
        var turns = RotaryTurns(table: RotaryTable(dimension: 4, base: 10, style: .halves, attentionFactor: 2))
        turns.update(positions: [0], pool: pool)
        var values: [Float] = [1, 2, 3, 4, 5]
        operations.headTurn(norm: nil, epsilon: 0, headDimension: 5, turns: turns)
            .apply(to: &values, count: 1, rows: 0..<1, stride: 5)
        #expect(values == [2, 4, 6, 8, 5])
    }
}
