import CKernels

/// Products of activations with weight matrices, on the threads of a pool.
///
/// The result for an activation row has the same bits whatever else is in the batch, however many threads there are, and
/// for the integer types at every kernel level: batched, chunked and single runs agree exactly.
///
/// One call at a time, as the pool has it.
public final class MatrixMultiplier: @unchecked Sendable {
    /// The level whose kernels run.
    public let level: KernelLevel
    private let pool: ThreadPool
    private let table: UnsafePointer<ck_matmul_kernels>
    private let scratch: [Scratch]
    private var quantized: [Scratch]

    /// `level` must be one that this machine supports (`KernelLevel.chosen()` gives such a one).
    public init(pool: ThreadPool, level: KernelLevel = .best) {
        guard level.isSupported, let table = ck_matmul_kernels_for(level.code) else {
            preconditionFailure("\(TensorError.unsupportedKernelLevel(level))")
        }
        self.pool = pool
        self.level = level
        self.table = table
        scratch = (0..<pool.threads).map { _ in Scratch(byteCount: Int(CK_SCRATCH_BYTES)) }
        quantized = [Scratch(byteCount: 0), Scratch(byteCount: 0)]
    }

    /// Multiplies every matrix with the same activations: `output[n, matrix.rows] = activations[n, columns] · matrixᵀ`.
    ///
    /// - Parameters:
    ///   - jobs: matrices of `columns` columns, each with room for `n · rows` floats.
    ///   - activations: `[n, columns]`; values that are not finite give NaN results, never a trap.
    ///   - n: activation rows; 0 does nothing.
    public func multiply(
        _ jobs: [(WeightMatrix, output: UnsafeMutablePointer<Float>)], activations: UnsafePointer<Float>, rows n: Int,
        columns: Int
    ) {
        guard n > 0, !jobs.isEmpty else { return }
        for (matrix, _) in jobs {
            precondition(
                matrix.columns == columns, "a matrix of \(matrix.columns) columns for activations of \(columns)")
        }
        var inputs: [ck_activation_type.RawValue: UnsafePointer<UInt8>] = [:]
        for (matrix, _) in jobs {
            let type = ck_activation_for(matrix.type.code)
            if inputs[type.rawValue] == nil {
                inputs[type.rawValue] = prepare(type, activations: activations, rows: n, columns: columns)
            }
        }
        var products: [ck_product] = []
        var plan = ChunkPlan()
        for (matrix, output) in jobs {
            let type = ck_activation_for(matrix.type.code)
            products.append(
                ck_product(
                    weights: matrix.base, row_bytes: matrix.rowBytes, rows: matrix.rows, columns: columns,
                    activations: inputs[type.rawValue], activation_bytes: ck_activation_bytes(type, columns), count: n,
                    output: output, output_stride: matrix.rows))
            plan.add(rows: matrix.rows, bytesPerRow: matrix.rowBytes, work: n, threads: pool.threads)
        }
        products.withUnsafeBufferPointer { products in
            pool.run(chunks: plan.count) { [table, scratch] chunk, worker in
                let (job, range) = plan[chunk]
                guard let product = products.baseAddress?.advanced(by: job) else { return }
                ck_multiply(
                    table, jobs[job].0.type.code, product, range.lowerBound, range.upperBound, scratch[worker].base)
            }
        }
    }

    /// Writes the rows of `matrix` that `tokens` name to `output` (`[tokens.count, columns]`) as floats.
    ///
    /// Every token must be in `0..<matrix.rows`.
    public func embed(tokens: [Int32], from matrix: WeightMatrix, into output: UnsafeMutablePointer<Float>) {
        for (index, token) in tokens.enumerated() {
            precondition((0..<matrix.rows).contains(Int(token)), "token \(token) of \(matrix.rows)")
            ck_dequantize_row(
                matrix.type.code, matrix.base + Int(token) * matrix.rowBytes, matrix.columns,
                output + index * matrix.columns)
        }
    }

    /// The activations in the type that the weights want: themselves, or quantised into a buffer of this object.
    private func prepare(
        _ type: ck_activation_type, activations: UnsafePointer<Float>, rows n: Int, columns: Int
    ) -> UnsafePointer<UInt8> {
        if type == CK_ACTIVATION_F32 {
            return UnsafeRawPointer(activations).assumingMemoryBound(to: UInt8.self)
        }
        let slot = type == CK_ACTIVATION_Q8_BLOCK ? 0 : 1
        let rowBytes = ck_activation_bytes(type, columns)
        if quantized[slot].byteCount < n * rowBytes { quantized[slot] = Scratch(byteCount: n * rowBytes) }
        let base = quantized[slot].base
        let rowsPerChunk = max(1, 8192 / columns)
        pool.run(chunks: (n + rowsPerChunk - 1) / rowsPerChunk) { [table] chunk, _ in
            for row in chunk * rowsPerChunk..<min(n, (chunk + 1) * rowsPerChunk) {
                ck_quantize(table, type, activations + row * columns, columns, base + row * rowBytes)
            }
        }
        return UnsafeRawPointer(base).assumingMemoryBound(to: UInt8.self)
    }
}
