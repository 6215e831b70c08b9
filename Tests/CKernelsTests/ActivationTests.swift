import CKernels
import Testing

@Suite struct ActivationTests {
    static var types: [ck_weight_type] { [CK_Q8_0, CK_Q4_K] }

    /// Rows with ordinary, tiny, huge, zero, not finite and borderline values.
    static func rows(columns: Int) -> [[Float]] {
        var generator = Generator(7)
        var rows: [[Float]] = [[Float](repeating: 0, count: columns)]
        for scale in [Float(1), 1e-38, 0x1p-100, 0x1.fffffep-101, 1e30, 3e38] {
            rows.append((0..<columns).map { _ in min(1, max(-1, generator.normal())) * scale })
        }
        // Ties between two integers: 127 sets the scale to one.
        rows.append((0..<columns).map { $0 % 32 == 0 ? 127 : Float($0 % 50) - 24.5 })
        rows.append((0..<columns).map { $0 == 40 ? .infinity : 1 })
        rows.append((0..<columns).map { $0 == columns - 1 ? .nan : Float($0) })
        rows.append((0..<columns).map { $0 % 2 == 0 ? -.infinity : .nan })
        return rows
    }

    @Test func everyLevelQuantisesToTheSameBytes() {
        for type in Self.types {
            for columns in [256, 512, 1024] {
                let rows = Self.rows(columns: columns)
                let expected = TestActivations(rows, for: type, table: TestedLevel.scalar.table)
                for level in TestedLevel.all {
                    let found = TestActivations(rows, for: type, table: level.table)
                    #expect(found.bytes == expected.bytes, "\(level.name), type \(type.rawValue), \(columns) columns")
                }
            }
        }
        for columns in [32, 96, 2880] {
            let rows = Self.rows(columns: columns)
            let expected = TestActivations(rows, for: CK_Q4_0, table: TestedLevel.scalar.table)
            for level in TestedLevel.all {
                #expect(TestActivations(rows, for: CK_Q4_0, table: level.table).bytes == expected.bytes)
            }
        }
        for columns in [1, 31, 32, 33, 100, 1023, 1024, 1025, 2083] {
            let rows = Self.rows(columns: columns)
            let expected = TestActivations(rows, for: CK_F16, table: TestedLevel.scalar.table)
            for level in TestedLevel.all {
                #expect(
                    TestActivations(rows, for: CK_F16, table: level.table).bytes == expected.bytes,
                    "\(level.name), \(columns) columns")
            }
        }
    }

    /// The 16-bit integers for F16 and BF16: within half a step of their values, and never more together than sums of
    /// products can hold.
    @Test func integersOfALaneAddUpToAtMost131040() {
        let columns = 1024 + 75
        var rows = Self.rows(columns: columns)
        rows.append([Float](repeating: -1, count: columns))
        for odd in 1...16 { rows.append((0..<columns).map { 1 + Float($0 / 32 % odd) / 1024 }) }
        for row in rows {
            let activations = TestActivations([row], for: CK_F16, table: TestedLevel.scalar.table)
            UnsafeRawPointer(activations.base).withMemoryRebound(to: ck_activation_section.self, capacity: 2) {
                sections in
                for (number, section) in UnsafeBufferPointer(start: sections, count: 2).enumerated() {
                    let scales = withUnsafeBytes(of: section.scales) { Array($0.bindMemory(to: Float.self)) }
                    let integers = withUnsafeBytes(of: section.integers) { Array($0.bindMemory(to: Int16.self)) }
                    let minus = withUnsafeBytes(of: section.minus_products) { Array($0.bindMemory(to: Int32.self)) }
                    for lane in 0..<16 {
                        let own = (0..<min(1024, columns - 1024 * number)).filter { $0 / 2 % 16 == lane }
                        let values = own.map { row[1024 * number + $0] }
                        let sum = values.reduce(Float(0)) { $0 + abs($1) }
                        #expect(own.reduce(0) { $0 + abs(Int(integers[$1])) } <= 131_040)
                        #expect(own.allSatisfy { abs(Int(integers[$0])) <= 16383 })
                        let even = own.filter { $0 % 64 < 32 }
                        let products = even.map { Int32(integers[$0]) * Int32(integers[$0 + 32]) }
                        #expect(minus[lane] == -products.reduce(0, +))
                        guard sum.isFinite else {
                            #expect(scales[lane].isNaN && own.allSatisfy { integers[$0] == 0 })
                            continue
                        }
                        if values.allSatisfy({ abs($0) < 0x1p-100 }) {
                            #expect(scales[lane] == 0 && own.allSatisfy { integers[$0] == 0 })
                            continue
                        }
                        for (column, value) in zip(own, values) {
                            // Half a step, and the roundings of the scale and its inverse.
                            let off = abs(value - scales[lane] * Float(integers[column]))
                            #expect(off <= scales[lane] * (0.5 + 16383 * 0x1p-22))
                        }
                    }
                }
            }
        }
    }

    @Test func quantsLieWithinHalfAStepOfTheirValues() {
        let columns = 512
        for row in Self.rows(columns: columns) {
            let blocks = quantized(row)
            for (index, block) in blocks.enumerated() {
                let values = row[index * 32..<index * 32 + 32]
                let largest = values.map(abs).reduce(0) { $1 > $0 ? $1 : $0 }
                guard values.allSatisfy(\.isFinite) else {
                    #expect(block.scale.isNaN && block.quants.allSatisfy { $0 == 0 })
                    continue
                }
                if largest < 0x1p-100 {
                    #expect(block.scale == 0 && block.quants.allSatisfy { $0 == 0 })
                    continue
                }
                for (value, quant) in zip(values, block.quants) {
                    // Half a step, and the roundings of scale, inverse and product: four times 2^-24 of 127 steps.
                    #expect(abs(value - block.scale * Float(quant)) <= block.scale * (0.5 + 127 * 0x1p-22))
                }
            }
        }
    }

    @Test func sumsAreThoseOfTheQuants() {
        let row = Self.rows(columns: 512)[1]
        for block in quantized(row) {
            let sum = block.quants.reduce(Int32(0)) { $0 + Int32($1) }
            #expect(block.minus128 == -128 * sum && block.minus8 == -8 * sum)
        }
        let activations = TestActivations([row], for: CK_Q4_K, table: TestedLevel.scalar.table)
        UnsafeRawPointer(activations.base).withMemoryRebound(to: ck_activation_super.self, capacity: 2) { blocks in
            for block in UnsafeBufferPointer(start: blocks, count: 2) {
                let quants = withUnsafeBytes(of: block.quants) { $0.map { Int32(Int8(bitPattern: $0)) } }
                let minus32 = withUnsafeBytes(of: block.minus_32_sums) { Array($0.bindMemory(to: Int32.self)) }
                let sums = withUnsafeBytes(of: block.sums) { Array($0.bindMemory(to: Int16.self)) }
                for at in 0..<16 { #expect(minus32[at] == -32 * quants[at * 16..<at * 16 + 16].reduce(0, +)) }
                for at in 0..<8 { #expect(Int32(sums[at]) == quants[at * 32..<at * 32 + 32].reduce(0, +)) }
                func partial(of count: Int, _ part: (Int32) -> Int32) -> [Int32] {
                    stride(from: 0, to: 256, by: count).map { quants[$0..<$0 + count].reduce(0) { $0 + part($1) } }
                }
                #expect(block.largest_16 == partial(of: 16, abs).max())
                #expect(block.largest_32 == (partial(of: 32) { max(0, $0) } + partial(of: 32) { max(0, -$0) }).max())
            }
        }
    }

    private func quantized(_ row: [Float]) -> [(scale: Float, quants: [Int8], minus128: Int32, minus8: Int32)] {
        let activations = TestActivations([row], for: CK_Q8_0, table: TestedLevel.scalar.table)
        let count = row.count / 32
        return UnsafeRawPointer(activations.base).withMemoryRebound(to: ck_activation_block.self, capacity: count) {
            UnsafeBufferPointer(start: $0, count: count).map { block in
                let quants = withUnsafeBytes(of: block.quants) { $0.map { Int8(bitPattern: $0) } }
                return (block.scale, quants, block.minus_128_sum, block.minus_8_sum)
            }
        }
    }
}
