import Tensors
import Testing

@Suite struct WeightMatrixTests {
    private func matrix(_ type: WeightType, rows: Int, columns: Int, bytes: Int) throws(TensorError) -> WeightMatrix {
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes, alignment: 1)
        defer { memory.deallocate() }
        return try WeightMatrix(type: type, rows: rows, columns: columns, bytes: UnsafeRawBufferPointer(memory))
    }

    @Test func sizesAreThoseOfTheFormat() throws {
        let expected: [(WeightType, Int)] = [
            (.f32, 1024), (.f16, 512), (.bf16, 512), (.q8_0, 272), (.q4_0, 144), (.q4_K, 144), (.q5_K, 176),
            (.q6_K, 210),
        ]
        for (type, bytes) in expected {
            #expect(try matrix(type, rows: 3, columns: 256, bytes: 3 * bytes).rowBytes == bytes)
            #expect(throws: TensorError.self) { try matrix(type, rows: 3, columns: 256, bytes: 3 * bytes - 1) }
        }
    }

    @Test func rowsHoldWholeBlocks() {
        #expect(throws: TensorError.partialBlock(type: .q4_K, columns: 288)) {
            try matrix(.q4_K, rows: 1, columns: 288, bytes: 4096)
        }
        #expect(throws: TensorError.partialBlock(type: .q8_0, columns: 48)) {
            try matrix(.q8_0, rows: 1, columns: 48, bytes: 4096)
        }
    }

    @Test func absurdShapesAreRefused() {
        #expect(throws: TensorError.emptyMatrix(rows: 0, columns: 32)) {
            try matrix(.f32, rows: 0, columns: 32, bytes: 8)
        }
        for (rows, columns) in [(2, Int.max), (Int.max, 8), (1 << 40, 1 << 40)] {
            #expect(throws: TensorError.tooFewBytes(type: .f32, rows: rows, columns: columns, needed: nil, found: 64)) {
                try matrix(.f32, rows: rows, columns: columns, bytes: 64)
            }
        }
    }
}
