import CKernels
import Testing

@Suite struct DequantizationTests {
    @Test func everyTypeGivesTheBitsOfTheReferenceImplementation() throws {
        let vectors = GoldenVector.all()
        #expect(vectors.map(\.name) == TestedType.all.map(\.name))
        for (vector, known) in zip(vectors, TestedType.all) {
            let columns = vector.stored.count / ck_block_bytes(known.type) * ck_block_elements(known.type)
            #expect(columns == vector.values.count, "\(known.name)")
            var values = [Float](repeating: .nan, count: columns)
            ck_dequantize_row(known.type, vector.stored, columns, &values)
            for at in 0..<columns {
                #expect(values[at].bitPattern == vector.values[at].bitPattern, "\(known.name), element \(at)")
            }
        }
    }
}
