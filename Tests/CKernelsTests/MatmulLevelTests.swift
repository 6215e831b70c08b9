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
        case CK_F32: [1, 15, 16, 17, 100, 271, 1100]
        case CK_F16, CK_BF16: [1, 31, 32, 33, 100, 511, 545, 1024, 1100, 2083]
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

    /// The kernels differ by the number of activation rows: one, two, few, groups of few, panels, several passes over
    /// them.
    @Test(arguments: TestedType.all) func everyNumberOfActivationRowsAgreesWithTheScalarLevel(tested: TestedType) {
        let type = tested.type
        let columns = ck_block_elements(type) == 1 ? 40 : ck_block_elements(type)
        let matrix = TestMatrix(type, rows: 39, columns: columns, seed: 3)
        let values = Self.values(2050, columns, seed: 4)
        let expected = product(
            matrix, TestActivations(values, for: type, table: TestedLevel.scalar.table), TestedLevel.scalar.table)
        for level in TestedLevel.all.dropFirst() {
            for count in Array(1...90) + [512, 1023, 1024, 1025, 1026, 1027, 1028, 2049, 2050] {
                let activations = TestActivations(Array(values[..<count]), for: type, table: level.table)
                Self.expectSame(
                    product(matrix, activations, level.table), Array(expected[..<count]),
                    "\(level.name), type \(type.rawValue), \(count) rows")
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
        // Ones and minus ones first, whose sums are the largest: alone, few, in groups, many.
        for count in [1, 2, 3, 8, rows.count, 40, 90] {
            let batch = (0..<count).map { rows[rows.count - 1 - $0 % rows.count] }
            let expected = product(
                matrix, TestActivations(batch, for: type, table: TestedLevel.scalar.table), TestedLevel.scalar.table)
            for level in TestedLevel.all.dropFirst() {
                let activations = TestActivations(batch, for: type, table: level.table)
                Self.expectSame(
                    product(matrix, activations, level.table), expected,
                    "\(level.name), type \(type.rawValue), \(pattern), \(count) rows")
            }
        }
    }

    /// Sums of sub-blocks around those that just fit 16 bits, of either sign, with the largest weights of either sign.
    @Test(arguments: [(CK_Q4_K, 32, 15), (CK_Q5_K, 32, 31), (CK_Q6_K, 16, 32)])
    func sumsAroundTheLimitOf16BitsAgreeWithTheScalarLevel(type: ck_weight_type, elements: Int, largest: Int) {
        let limit = Int(Int16.max) / largest
        // A row for every sum: one sub-block, the first or the second of a pair, has it, another the largest magnitude,
        // which makes the quants the values.
        let rows = (-6..<8).flatMap { number in
            [Float(1), -1].map { sign in
                (0..<256).map { column -> Float in
                    let at = column - (number % 2 == 0 ? 0 : elements)
                    guard (0..<elements).contains(at) else { return column == 255 ? 127 : 0 }
                    let sum = limit + number / 2
                    return sign * Float(sum / elements + (at < sum % elements ? 1 : 0))
                }
            }
        }
        for pattern in [WeightPattern.allOnes, .allZeros, .random] {
            let matrix = TestMatrix(type, rows: 19, columns: 256, pattern: pattern, seed: 8)
            let table = TestedLevel.scalar.table
            let expected = product(matrix, TestActivations(rows, for: type, table: table), table)
            for level in TestedLevel.all.dropFirst() {
                for first in rows.indices.dropLast(2) {
                    let some = first..<min(rows.count, first + 8)  // few rows; all of them are a panel's work for Q6_K
                    let found = product(
                        matrix, TestActivations(Array(rows[some]), for: type, table: level.table), level.table)
                    Self.expectSame(found, Array(expected[some]), "\(level.name), type \(type.rawValue), from \(first)")
                }
                let many = (0..<4).flatMap { _ in rows }
                let found = product(matrix, TestActivations(many, for: type, table: level.table), level.table)
                Self.expectSame(
                    found, (0..<4).flatMap { _ in expected }, "\(level.name), type \(type.rawValue), \(many.count) rows"
                )
            }
        }
    }

    @Test(arguments: TestedType.all) func aRowsResultDoesNotDependOnTheBatchOrTheCuts(tested: TestedType) {
        let type = tested.type
        let columns = ck_block_elements(type) == 1 ? 333 : 5 * ck_block_elements(type)
        let matrix = TestMatrix(type, rows: 77, columns: columns, seed: 11)
        let values = Self.values(96, columns, seed: 12)
        for level in TestedLevel.all {
            let whole = product(matrix, TestActivations(values, for: type, table: level.table), level.table)
            for count in [1, 2, 3, 4, 5, 7, 8, 9, 12, 13, 16, 25, 61, 77] {
                let part = Array(values[(96 - count)...])
                let found = product(
                    matrix, TestActivations(part, for: type, table: level.table), level.table, cuts: [1, 32, 49])
                Self.expectSame(
                    found, Array(whole[(96 - count)...]), "\(level.name), type \(type.rawValue), \(count) rows")
            }
        }
    }

    @Test(arguments: [(TestedType.all[1], UInt16(0x7c00), UInt16(0x7e01)), (TestedType.all[2], 0x7f80, 0xffc1)])
    func weightsThatAreNotFiniteGiveNaNInTheirRowsAlone(tested: TestedType, infinity: UInt16, notANumber: UInt16) {
        let columns = 1500
        let matrix = TestMatrix(tested.type, rows: 12, columns: columns, seed: 8)
        func store(_ bits: UInt16, row: Int, column: Int) {
            matrix.base[row * matrix.rowBytes + 2 * column] = UInt8(bits & 255)
            matrix.base[row * matrix.rowBytes + 2 * column + 1] = UInt8(bits >> 8)
        }
        store(infinity, row: 2, column: 0)
        store(infinity | 0x8000, row: 3, column: columns - 1)
        store(notANumber, row: 7, column: 1024)
        for column in 0..<columns { store(column % 2 == 0 ? 0 : 0x8000, row: 9, column: column) }
        for column in 0..<1024 { store(1, row: 10, column: column) }
        for level in TestedLevel.all {
            for count in [1, 2, 5, 20, 77] {
                let values = Self.values(count, columns, seed: 4)
                let activations = TestActivations(values, for: tested.type, table: level.table)
                for (at, results) in product(matrix, activations, level.table).enumerated() {
                    for row in 0..<matrix.rows {
                        let found = results[row]
                        let what = "\(level.name), \(tested.name), activation \(at) of \(count), row \(row): \(found)"
                        #expect(found.isNaN == [2, 3, 7].contains(row), "\(what)")
                        #expect(found.isNaN || found == 0 || (row != 9 && at != 1), "\(what)")
                    }
                }
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
