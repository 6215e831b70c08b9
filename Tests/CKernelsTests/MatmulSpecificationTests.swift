import CKernels
import Testing

/// The scalar level against products of the dequantised weights in double precision.
@Suite struct MatmulSpecificationTests {
    @Test(arguments: TestedType.all) func scalarProductsLieWithinTheErrorOfRounding(tested: TestedType) {
        let type = tested.type
        for pattern in [WeightPattern.random, .allOnes, .allZeros] where !(isFloat(type) && pattern == .allOnes) {
            for blocks in [1, 3] {
                let columns = max(blocks * ck_block_elements(type), isFloat(type) ? 17 * blocks : 0)
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

    private func isFloat(_ type: ck_weight_type) -> Bool { ck_activation_for(type) == CK_ACTIVATION_F32 }

    /// The exact sum and how far a result may lie from it.
    ///
    /// Quantised activations are off by half a step of their block each; float sums by (columns + a few) · 2^-24 of the
    /// sum of magnitudes. K types with minima subtract two large parts, so their magnitudes count apart: at most
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
        guard !isFloat(type) else { return (exact, rounding * magnitude + 1e-30) }
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
}
