import CKernels
import Testing

/// Every level gives the bits of the scalar one, for every type, shape, batch and cut.
@Suite struct MatmulLevelTests {
    private static func values(_ count: Int, _ columns: Int, seed: UInt64) -> [[Float]] {
        var generator = Generator(seed)
        return (0..<count).map { row in
            (0..<columns).map { column in
                // One row of zeros, one with an outlier per 100 columns, the rest ordinary.
                row == 1 ? 0 : generator.normal() * (row == 2 && column % 100 == 7 ? 1000 : 1)
            }
        }
    }

    private static func columns(of type: ck_weight_type) -> [Int] {
        switch type {
        case CK_F32, CK_F16, CK_BF16: [1, 15, 16, 17, 100, 271, 1100]
        case CK_Q8_0, CK_Q4_0: [32, 64, 96, 288, 1056]
        default: [256, 768, 1280]
        }
    }

    private static func expectSame(_ found: [[Float]], _ expected: [[Float]], _ what: String) {
        for (at, pair) in zip(found, expected).enumerated() {
            for row in 0..<pair.0.count {
                let same = pair.0[row] == pair.1[row] || (pair.0[row].isNaN && pair.1[row].isNaN)
                #expect(same, "\(what): activation \(at), row \(row): \(pair.0[row]) for \(pair.1[row])")
                if !same { return }
            }
        }
    }

    @Test(arguments: TestedType.all) func everyShapeAgreesWithTheScalarLevel(tested: TestedType) {
        let type = tested.type
        for columns in Self.columns(of: type) {
            for (rows, count) in [(1, 1), (5, 2), (16, 1), (17, 3), (33, 5), (48, 4), (70, 33)] {
                let matrix = TestMatrix(type, rows: rows, columns: columns, seed: UInt64(rows + columns))
                let values = Self.values(count, columns, seed: UInt64(count))
                let expected = product(
                    matrix, TestActivations(values, for: type, table: TestedLevel.scalar.table),
                    TestedLevel.scalar.table)
                for level in TestedLevel.all.dropFirst() {
                    let activations = TestActivations(values, for: type, table: level.table)
                    Self.expectSame(
                        product(matrix, activations, level.table), expected,
                        "\(level.name), type \(type.rawValue), \(rows) × \(columns), \(count) rows")
                }
            }
        }
    }

    @Test(arguments: TestedType.all, WeightPattern.allCases)
    func adversarialWeightsAgreeWithTheScalarLevel(tested: TestedType, pattern: WeightPattern) {
        let type = tested.type
        let columns = ck_block_elements(type) == 1 ? 130 : 2 * ck_block_elements(type)
        let matrix = TestMatrix(type, rows: 19, columns: columns, pattern: pattern, seed: 5)
        let rows =
            ActivationTests.rows(columns: columns)
            + [[Float](repeating: 1, count: columns), [Float](repeating: -1, count: columns)]
        let expected = product(
            matrix, TestActivations(rows, for: type, table: TestedLevel.scalar.table), TestedLevel.scalar.table)
        for level in TestedLevel.all.dropFirst() {
            let activations = TestActivations(rows, for: type, table: level.table)
            Self.expectSame(
                product(matrix, activations, level.table), expected,
                "\(level.name), type \(type.rawValue), \(pattern)")
        }
    }

    @Test(arguments: TestedType.all) func aRowsResultDoesNotDependOnTheBatchOrTheCuts(tested: TestedType) {
        let type = tested.type
        let columns = ck_block_elements(type) == 1 ? 333 : 5 * ck_block_elements(type)
        let matrix = TestMatrix(type, rows: 77, columns: columns, seed: 11)
        let values = Self.values(33, columns, seed: 12)
        for level in TestedLevel.all {
            let whole = product(matrix, TestActivations(values, for: type, table: level.table), level.table)
            for count in [1, 2, 3, 4, 5, 7, 8, 9, 12, 13, 16, 25] {
                let part = Array(values[(33 - count)...])
                let found = product(
                    matrix, TestActivations(part, for: type, table: level.table), level.table, cuts: [1, 32, 49])
                Self.expectSame(
                    found, Array(whole[(33 - count)...]), "\(level.name), type \(type.rawValue), \(count) rows")
            }
        }
    }

    @Test(arguments: TestedType.all) func aZeroRowGivesZerosAndANotFiniteOneNaN(tested: TestedType) {
        let type = tested.type
        let columns = 512
        let matrix = TestMatrix(type, rows: 18, columns: columns, seed: 2)
        var broken = [Float](repeating: 1, count: columns)
        broken[300] = .infinity
        broken[301] = -.infinity
        for level in TestedLevel.all {
            let rows = [[Float](repeating: 0, count: columns), broken]
            let found = product(matrix, TestActivations(rows, for: type, table: level.table), level.table)
            #expect(found[0].allSatisfy { $0 == 0 }, "\(level.name), type \(type.rawValue)")
            #expect(found[1].allSatisfy { !$0.isFinite }, "\(level.name), type \(type.rawValue)")
        }
    }
}
