import CKernels
import Testing

/// The scalar level against products of the dequantised weights in double precision.
@Suite struct MatmulSpecificationTests {
    @Test(arguments: TestedType.all) func scalarProductsLieWithinTheErrorOfRounding(tested: TestedType) {
        let type = tested.type
        for pattern in [WeightPattern.random, .allOnes, .allZeros] where !(isFloat(type) && pattern == .allOnes) {
            for blocks in [1, 3] {
                let columns = max(blocks * ck_block_elements(type), isFloat(type) ? 417 * blocks : 0)
                let matrix = TestMatrix(type, rows: 5, columns: columns, pattern: pattern, seed: UInt64(blocks))
                var generator = Generator(3)
                let values = (0..<2).map { _ in (0..<columns).map { _ in generator.normal() } }
                let activations = TestActivations(values, for: type, table: TestedLevel.scalar.table)
                let found = product(matrix, activations, TestedLevel.scalar.table)
                for (at, row) in values.enumerated() {
                    for weightRow in 0..<matrix.rows {
                        let weights = matrix.dequantized(weightRow)
                        let (exact, bound) = reference(weights, row, type: type)
                        #expect(
                            abs(Double(found[at][weightRow]) - exact) <= bound,
                            "type \(type.rawValue), \(pattern), row \(weightRow)")
                    }
                }
            }
        }
    }

    private func isFloat(_ type: ck_weight_type) -> Bool { ck_block_elements(type) == 1 }

    /// The exact sum and how far a result may lie from it.
    ///
    /// Quantised activations are off by half a step of their block each (16-bit ones: of their lane of a section, and weights
    /// by 2^-14 of their section's largest); float sums by (columns + a few) · 2^-24 of the sum of magnitudes. K types with minima subtract two large parts, so their magnitudes count apart: at most
    /// three times the weights' own in these patterns (a weight is scale · quant - minimum, quant up to 15 or 31).
    private func reference(
        _ weights: [Float], _ activations: [Float], type: ck_weight_type
    ) -> (exact: Double, bound: Double) {
        var exact = 0.0
        var magnitude = 0.0
        for (weight, activation) in zip(weights, activations) {
            exact += Double(weight) * Double(activation)
            magnitude += abs(Double(weight) * Double(activation))
        }
        let rounding = Double(weights.count + 8) * 0x1p-24
        guard type != CK_F32 else { return (exact, rounding * magnitude + 1e-30) }
        guard !isFloat(type) else {
            return (exact, rounding * magnitude + roundingOfIntegers(weights, activations) + 1e-30)
        }
        let block = ck_activation_for(type) == CK_ACTIVATION_Q8_BLOCK ? 32 : 256
        var steps = 0.0
        var largestWeight = 0.0
        for start in stride(from: 0, to: weights.count, by: block) {
            let step = Double(activations[start..<start + block].map(abs).max() ?? 0) / 127
            let sum = weights[start..<start + block].reduce(0.0) { $0 + Double(abs($1)) }
            steps += step * 0.5001 * sum
            largestWeight = max(largestWeight, Double(weights[start..<start + block].map(abs).max() ?? 0))
        }
        let sizes = activations.reduce(0.0) { $0 + Double(abs($1)) }
        return (exact, steps + rounding * 64 * largestWeight * sizes + 1e-30)
    }

    /// How far products lie off because weights and activations are 16-bit integers.
    private func roundingOfIntegers(_ weights: [Float], _ activations: [Float]) -> Double {
        var bound = 0.0
        for section in stride(from: 0, to: weights.count, by: 1024) {
            let columns = section..<min(section + 1024, weights.count)
            let weightStep = Double(weights[columns].map(abs).max() ?? 0) / 8192
            for lane in 0..<16 {
                let own = columns.filter { $0 / 2 % 16 == lane }
                let sum = own.reduce(0.0) { $0 + Double(abs(activations[$1])) }
                let step = max(sum / 131_000, Double(own.map { abs(activations[$0]) }.max() ?? 0) / 16383)
                for column in own {
                    bound += 0.5001 * step * (Double(abs(weights[column])) + weightStep)
                    bound += 0.5001 * weightStep * Double(abs(activations[column]))
                }
            }
        }
        return bound
    }

    /// Sums of products of 16-bit integers at their very limit: the largest weights against activations whose integers'
    /// magnitudes add up to as much as they may, or of which one is all there is.
    @Test func sumsOf16BitProductsFitTheirIntegers() {
        for (type, largest) in [(CK_F16, UInt16(0x7bff)), (CK_BF16, 0x7f7f), (CK_BF16, 0x1fff)] {
            let columns = 1024
            let matrix = TestMatrix(type, rows: 9, columns: columns)
            for at in 0..<matrix.rows * columns {
                matrix.base[2 * at] = UInt8(largest & 255)
                matrix.base[2 * at + 1] = UInt8(largest >> 8)
            }
            let weight = Double(matrix.dequantized(0)[0])
            var rows: [[Float]] = [
                [Float](repeating: 1, count: columns), [Float](repeating: -0.7, count: columns),
                (0..<columns).map { $0 == 777 ? -3 : 0 }, (0..<columns).map { $0 / 32 == 5 ? 1 : 0.0625 },
            ]
            // Steps of which every magnitude is a half more than an integer.
            rows.append((0..<columns).map { 1 + Float($0 / 2 % 16) / 131_000 })
            for level in TestedLevel.all {
                for batch in [rows, rows + rows + rows, (0..<15).flatMap { _ in rows }] {
                    let found = product(matrix, TestActivations(batch, for: type, table: level.table), level.table)
                    for (at, values) in batch.enumerated() {
                        let exact = values.reduce(0.0) { $0 + Double($1) } * weight
                        for result in found[at] {
                            #expect(
                                !(abs(Double(result) / exact - 1) > 5e-4) || exact > 3e38 || exact < -3e38,
                                "\(level.name), type \(type.rawValue), activation \(at): \(result) for \(exact)")
                        }
                    }
                }
            }
        }
    }
}
