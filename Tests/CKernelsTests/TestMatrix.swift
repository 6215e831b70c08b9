import CKernels

/// What the quants of a test matrix look like.
enum WeightPattern: CaseIterable {
    /// Random bits, scales of ordinary size.
    case random
    /// Every bit of every quant and packed scale set: the largest integer sums.
    case allOnes
    /// Every bit clear.
    case allZeros
    /// Random bits, scales from the smallest subnormal half to the largest finite one.
    case extremeScales
}

/// Weights in their stored form, at an address that is a multiple of nothing.
final class TestMatrix {
    let type: ck_weight_type
    let rows: Int
    let columns: Int
    let rowBytes: Int
    let base: UnsafeMutablePointer<UInt8>
    private let memory: UnsafeMutableRawPointer

    init(_ type: ck_weight_type, rows: Int, columns: Int, pattern: WeightPattern = .random, seed: UInt64 = 1) {
        self.type = type
        self.rows = rows
        self.columns = columns
        rowBytes = columns / ck_block_elements(type) * ck_block_bytes(type)
        memory = .allocate(byteCount: rows * rowBytes + 64, alignment: 64)
        base = (memory + 13).assumingMemoryBound(to: UInt8.self)
        var generator = Generator(seed)
        for at in 0..<rows * rowBytes {
            base[at] =
                pattern == .allOnes ? 0xff : pattern == .allZeros ? 0 : UInt8(truncatingIfNeeded: generator.next())
        }
        let size = ck_block_bytes(type)
        for block in 0..<rows * rowBytes / size {
            setScales(base + block * size, pattern: pattern, generator: &generator)
        }
    }

    deinit { memory.deallocate() }

    /// Replaces random scale bits by finite halves of the wanted size (floats: finite numbers).
    private func setScales(_ block: UnsafeMutablePointer<UInt8>, pattern: WeightPattern, generator: inout Generator) {
        func store(_ bits: UInt16, at offset: Int) {
            block[offset] = UInt8(bits & 255)
            block[offset + 1] = UInt8(bits >> 8)
        }
        func half() -> UInt16 {
            let bits = UInt16(truncatingIfNeeded: generator.next())
            if pattern == .extremeScales { return bits & 0x7c00 == 0x7c00 ? bits & 0x83ff : bits }
            return 0x1c00 + (bits & 0x07ff) | bits & 0x8000  // 2^-8 … 2^-6, either sign
        }
        switch type {
        case CK_F32:
            let exponent =
                pattern == .extremeScales
                ? Float(sign: .plus, exponent: Int(generator.next() % 60) - 30, significand: 1) : 1
            let bits = (generator.normal() * exponent).bitPattern
            store(UInt16(truncatingIfNeeded: bits), at: 0)
            store(UInt16(bits >> 16), at: 2)
        case CK_F16: store(half(), at: 0)
        case CK_BF16:
            // Sections are cut at 2^-100.
            let exponent =
                pattern == .extremeScales
                ? Float(sign: .plus, exponent: Int(generator.next() % 220) - 126, significand: 1) : 1
            store(UInt16((generator.normal() * exponent).bitPattern >> 16), at: 0)
        case CK_Q8_0, CK_Q4_0: store(half(), at: 0)
        case CK_Q6_K: store(half(), at: 208)
        default:
            store(half(), at: 0)
            store(half(), at: 2)
        }
    }

    /// The row as floats.
    func dequantized(_ row: Int) -> [Float] {
        [Float](unsafeUninitializedCapacity: columns) { buffer, count in
            ck_dequantize_row(type, base + row * rowBytes, columns, buffer.baseAddress)
            count = columns
        }
    }
}

/// Activation rows in the type that a weight type wants.
final class TestActivations {
    let count: Int
    let rowBytes: Int
    let base: UnsafeMutablePointer<UInt8>

    init(_ values: [[Float]], for type: ck_weight_type, table: UnsafePointer<ck_matmul_kernels>) {
        let activation = ck_activation_for(type)
        let columns = values.first?.count ?? 0
        count = values.count
        rowBytes = ck_activation_bytes(activation, columns)
        base = .allocate(capacity: max(1, count * rowBytes))
        base.initialize(repeating: 0, count: count * rowBytes)  // rows end in bytes that nobody writes
        for (index, row) in values.enumerated() {
            ck_quantize(table, activation, row, columns, base + index * rowBytes)
        }
    }

    deinit { base.deallocate() }

    var bytes: [UInt8] { Array(UnsafeBufferPointer(start: base, count: count * rowBytes)) }
}

/// Scratch memory as the kernels want it.
final class TestScratch {
    let base = UnsafeMutableRawPointer.allocate(byteCount: Int(CK_SCRATCH_BYTES), alignment: 64)
    deinit { base.deallocate() }
}

/// The product, `[activation][row]`, in ranges of weight rows cut at `cuts`.
func product(
    _ matrix: TestMatrix, _ activations: TestActivations, _ table: UnsafePointer<ck_matmul_kernels>, cuts: [Int] = []
) -> [[Float]] {
    // One more column than rows, to see whether a kernel writes beside its results.
    let stride = matrix.rows + 1
    var output = [Float](repeating: -77, count: activations.count * stride)
    let scratch = TestScratch()
    output.withUnsafeMutableBufferPointer { output in
        var job = ck_product(
            weights: matrix.base, row_bytes: matrix.rowBytes, rows: matrix.rows, columns: matrix.columns,
            activations: activations.base, activation_bytes: activations.rowBytes, count: activations.count,
            output: output.baseAddress, output_stride: stride, then: nil)
        var first = 0
        for end in cuts + [matrix.rows] {
            job.then = end < matrix.rows ? UnsafeRawPointer(matrix.base + end * matrix.rowBytes) : nil
            ck_multiply(table, matrix.type, &job, first, end, scratch.base)
            first = end
        }
    }
    return (0..<activations.count).map { at in
        precondition(output[at * stride + matrix.rows] == -77, "a kernel wrote beside its results")
        return Array(output[at * stride..<at * stride + matrix.rows])
    }
}
