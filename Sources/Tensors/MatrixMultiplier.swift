import CKernels

/// Products of activations with weight matrices, on the threads of a pool.
///
/// The result for an activation row has the same bits whatever else is in the batch, however many threads there are, and
/// at every kernel level: batched, chunked and single runs agree exactly.
///
/// One call at a time, as the pool has it.
public final class MatrixMultiplier: @unchecked Sendable {
    /// The level whose kernels run.
    public let level: KernelLevel
    private let pool: ThreadPool
    private let table: UnsafePointer<ck_matmul_kernels>
    /// `CK_SCRATCH_BYTES` for each thread, in a large page.
    private let scratch: MappedMemory
    /// Quantised activations, one buffer for each of their types.
    private var quantized: [MappedMemory]
    private var plans: ChunkPlans

    /// `level` must be one that this machine supports (`KernelLevel.chosen()` gives such a one).
    public init(pool: ThreadPool, level: KernelLevel = .best) {
        guard level.isSupported, let table = ck_matmul_kernels_for(level.code) else {
            preconditionFailure("\(TensorError.unsupportedKernelLevel(level))")
        }
        self.pool = pool
        self.level = level
        self.table = table
        plans = ChunkPlans(threads: pool.threads)
        scratch = Self.memory(max(MappedMemory.largePage, pool.threads * Int(CK_SCRATCH_BYTES)))
        quantized = (0..<CK_ACTIVATION_TYPES.rawValue).map { _ in Self.memory(0) }
    }

    private static func memory(_ byteCount: Int) -> MappedMemory {
        guard let memory = MappedMemory(byteCount: byteCount) else {
            preconditionFailure("The system gave no \(byteCount) bytes of working memory.")
        }
        return memory
    }

    /// Multiplies every matrix with the same activations: `output[n, matrix.rows] = activations[n, columns] · matrixᵀ`.
    ///
    /// - Parameters:
    ///   - matrices: of `columns` columns each.
    ///   - outputs: for each matrix room for `n · rows` floats.
    ///   - activations: `[n, columns]`; values that are not finite give NaN results, never a trap.
    ///   - n: activation rows; 0 does nothing.
    ///   - next: the matrices of the following call. With few activation rows, where memory is the limit, threads ask
    ///     for their beginning before it comes.
    public func multiply(
        _ matrices: [WeightMatrix], into outputs: [UnsafeMutablePointer<Float>], activations: UnsafePointer<Float>,
        rows n: Int, columns: Int, then next: [WeightMatrix] = []
    ) {
        multiply(
            matrices, into: outputs, activations: ActivationRows(activations, width: columns), rows: n, then: next)
    }

    /// The same with rows that may have yet to be made.
    public func multiply(
        _ matrices: [WeightMatrix], into outputs: [UnsafeMutablePointer<Float>], activations: ActivationRows,
        rows n: Int, then next: [WeightMatrix] = []
    ) {
        let columns = activations.width
        precondition(matrices.count == outputs.count, "a place for each product")
        guard n > 0, !matrices.isEmpty else { return }
        // A decode step makes hundreds of products: no array is made for one.
        withUnsafeTemporaryAllocation(of: Product.self, capacity: matrices.count) { products in
            var types: UInt32 = 0
            for matrix in matrices {
                precondition(
                    matrix.columns == columns, "a matrix of \(matrix.columns) columns for activations of \(columns)")
                types |= 1 << ck_activation_for(matrix.type.code).rawValue
            }
            prepare(activations, rows: n, as: types)
            for (index, matrix) in matrices.enumerated() {
                let type = ck_activation_for(matrix.type.code)
                products.initializeElement(
                    at: index,
                    to: Product(
                        type: matrix.type.code,
                        operands: ck_product(
                            weights: matrix.base, row_bytes: matrix.rowBytes, rows: matrix.rows, columns: columns,
                            activations: prepared(activations, type),
                            activation_bytes: ck_activation_bytes(type, columns), count: n,
                            output: outputs[index], output_stride: matrix.rows, then: nil)))
            }
            run(UnsafeBufferPointer(products), of: matrices, rows: n, then: next)
        }
    }

    private func run(
        _ products: UnsafeBufferPointer<Product>, of matrices: [WeightMatrix], rows n: Int, then next: [WeightMatrix]
    ) {
        let plan = plans.plan(matrices.lazy.map(\.shape), work: n)
        let nextPlan = n <= ChunkPlan.memoryBoundRows ? plans.plan(next.lazy.map(\.shape), work: n) : nil
        let expecting = { (worker: Int) -> UnsafeRawBufferPointer in
            guard let chunk = nextPlan?.firstChunk(of: worker) else { return .init(start: nil, count: 0) }
            return next[chunk.matrix].bytes(ofRows: chunk.rows)
        }
        // Pointers, because a reference counted by several threads for each chunk is felt in decoding.
        plan.chunks.withUnsafeBufferPointer { chunks in
            pool.stream(chunks: chunks.count, expecting: expecting) {
                [table, scratch = scratch.base] number, following, worker in
                let chunk = chunks[number]
                var operands = products[chunk.matrix].operands
                operands.then =
                    following.map { products[chunks[$0].matrix].start(of: chunks[$0]) }
                    ?? expecting(worker).baseAddress
                ck_multiply(
                    table, products[chunk.matrix].type, &operands, chunk.rows.lowerBound, chunk.rows.upperBound,
                    scratch + worker * Int(CK_SCRATCH_BYTES))
            }
        }
    }

    /// A matrix, what it is multiplied with, and where the results go.
    private struct Product {
        var type: ck_weight_type
        var operands: ck_product

        /// Where the weights of a chunk begin.
        func start(of chunk: ChunkPlan.Chunk) -> UnsafeRawPointer {
            UnsafeRawPointer(operands.weights) + chunk.rows.lowerBound * operands.row_bytes
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

    /// Makes the activations, where they are not there, and quantises them to all of some types, one bit of `types` each.
    private func prepare(_ activations: ActivationRows, rows n: Int, as types: UInt32) {
        let floats = UInt32(1) << CK_ACTIVATION_F32.rawValue
        if types == floats && activations.areInMemory { return }
        let columns = activations.width
        let fitsScratch = columns * MemoryLayout<Float>.stride <= Int(CK_SCRATCH_BYTES) && types & floats == 0
        // Long stretches, of which the hardware reads ahead, as long as there is enough for all threads.
        let rowsPerChunk = max(1, 8192 / columns, min(65536 / columns, n / (8 * pool.threads)))
        withUnsafeTemporaryAllocation(of: Target.self, capacity: quantized.count) { targets in
            var count = 0
            for slot in quantized.indices where (types & ~floats) >> UInt32(slot) & 1 == 1 {
                let type = ck_activation_type(rawValue: .init(slot)), rowBytes = ck_activation_bytes(type, columns)
                if quantized[slot].byteCount < n * rowBytes { quantized[slot] = Self.memory(n * rowBytes) }
                targets.initializeElement(
                    at: count, to: Target(type: type, base: quantized[slot].base, rowBytes: rowBytes))
                count += 1
            }
            let targets = UnsafeBufferPointer(rebasing: targets[..<count])
            pool.run(chunks: (n + rowsPerChunk - 1) / rowsPerChunk) { [table, scratch = scratch.base] chunk, worker in
                let own = (scratch + worker * Int(CK_SCRATCH_BYTES)).assumingMemoryBound(to: Float.self)
                for number in chunk * rowsPerChunk..<min(n, (chunk + 1) * rowsPerChunk) {
                    let row = activations.row(number, in: fitsScratch ? own : nil)
                    for target in targets {
                        ck_quantize(table, target.type, row, columns, target.base + number * target.rowBytes)
                    }
                }
            }
        }
    }

    /// Where activations of a type go.
    private struct Target {
        var type: ck_activation_type
        var base: UnsafeMutableRawPointer
        var rowBytes: Int
    }

    /// Activations of a type, as `prepare` left them.
    private func prepared(_ activations: ActivationRows, _ type: ck_activation_type) -> UnsafePointer<UInt8> {
        let base =
            type == CK_ACTIVATION_F32 ? UnsafeMutableRawPointer(activations.base) : quantized[Int(type.rawValue)].base
        return UnsafeRawPointer(base).assumingMemoryBound(to: UInt8.self)
    }
}
