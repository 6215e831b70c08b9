internal import CKernels

/// What a transformer does besides products of matrices: normalisation, rotary positions, activation, sums, softmax.
///
/// Rows are independent: a row's result has the same bits whatever else is computed with it. Large inputs are shared
/// among the threads of the pool, small ones done by the caller.
public struct VectorOperations: Sendable {
    private let pool: ThreadPool
    // The table is a constant of the program.
    nonisolated(unsafe) private let kernels: UnsafePointer<ck_vector_kernels>
    /// Elements that are worth a chunk: about four microseconds.
    private static let elementsOfChunk = 16384

    /// Operations at a level that this machine runs.
    public init(pool: ThreadPool, level: KernelLevel = .best) {
        guard let kernels = ck_vector_kernels_for(level.code) else {
            preconditionFailure("This build has no \(level) vector kernels.")
        }
        self.pool = pool
        self.kernels = kernels
    }

    /// output[row, i] = input[row, i] · weight[i] / √(mean of the row's squares + epsilon).
    ///
    /// - Parameters:
    ///   - input: `[rows, width]`; `output` may be the same.
    ///   - weight: `[width]`, or nil for ones.
    public func rmsNorm(
        _ input: UnsafePointer<Float>, weight: UnsafePointer<Float>?, rows: Int, width: Int, epsilon: Float,
        into output: UnsafeMutablePointer<Float>
    ) {
        forEachRow(rows, width: width) { row in
            kernels.pointee.rms_norm(input + row * width, weight, width, epsilon, output + row * width)
        }
    }

    /// What queries or keys of a batch go through before attention. Valid while `turns` is not updated.
    ///
    /// - Parameters:
    ///   - norm: `[headDimension]`: the weight of each head's RMS norm; nil for a family without one.
    ///   - turns: a row per token, at least one; the first `turns.table.dimension` elements of each head are turned.
    public func headTurn(
        norm: UnsafePointer<Float>?, epsilon: Float, headDimension: Int, turns: borrowing RotaryTurns
    ) -> HeadTurn {
        HeadTurn(kernels, norm: norm, epsilon: epsilon, headDimension: headDimension, turns: turns)
    }

    /// RMS norms of rows that something is added to first, as `rmsNorm` and `add` make them.
    ///
    /// - Parameters:
    ///   - input: `[rows, width]`; changed by `addend`, if there is one, where a row is made.
    ///   - addend: `[rows, width]`, or nil for zeros.
    ///   - place: `[rows, width]`: where rows are made if they have to be in memory.
    public func normed(
        _ input: UnsafeMutablePointer<Float>, adding addend: UnsafePointer<Float>?, weight: UnsafePointer<Float>?,
        width: Int, epsilon: Float, place: UnsafeMutablePointer<Float>
    ) -> ActivationRows {
        ActivationRows(
            kernels, normed: input, adding: addend, weight: weight, epsilon: epsilon, width: width, base: place)
    }

    /// silu(gate[i]) · up[i]; all `[rows, width]`; `place`, where rows are made if they have to be in memory, may be `gate`
    /// or `up`.
    public func gated(
        gate: UnsafePointer<Float>, up: UnsafePointer<Float>, width: Int, place: UnsafeMutablePointer<Float>
    ) -> ActivationRows {
        ActivationRows(kernels, gate: gate, up: up, width: width, base: place)
    }

    /// sum[i] += addend[i]; both `[rows, width]`: the residual stream.
    public func add(_ addend: UnsafePointer<Float>, to sum: UnsafeMutablePointer<Float>, rows: Int, width: Int) {
        forEachRow(rows, width: width) { row in
            kernels.pointee.add(sum + row * width, addend + row * width, width)
        }
    }

    /// values[row, i] += bias[i]; values `[rows, width]`, bias `[width]`.
    public func addBias(_ bias: UnsafePointer<Float>, to values: UnsafeMutablePointer<Float>, rows: Int, width: Int) {
        forEachRow(rows, width: width) { row in kernels.pointee.add(values + row * width, bias, width) }
    }

    /// Softmax of a row, in place.
    public func softmax(_ values: UnsafeMutableBufferPointer<Float>) {
        guard let base = values.baseAddress, !values.isEmpty else { return }
        kernels.pointee.softmax(base, values.count)
    }

    /// log Σ exp(values[i]): subtracted from a logit it gives the log-probability. -infinity of nothing.
    public func logSumExp(_ values: UnsafeBufferPointer<Float>) -> Float {
        guard let base = values.baseAddress, !values.isEmpty else { return -.infinity }
        return kernels.pointee.log_sum_exp(base, values.count)
    }

    /// The lowest index of the largest value; NaNs are passed over; nil of nothing.
    public func argmax(_ values: UnsafeBufferPointer<Float>) -> Int? {
        guard let base = values.baseAddress, !values.isEmpty else { return nil }
        precondition(values.count < Int32.max, "argmax of \(values.count) values.")
        return kernels.pointee.argmax(base, values.count)
    }

    /// output[i] = exp(input[i]), at most 2 ulp off; `output` may be `input`.
    public func exponential(
        _ input: UnsafePointer<Float>, count: Int, into output: UnsafeMutablePointer<Float>
    ) {
        kernels.pointee.exponential(input, count, output)
    }

    private func forEachRow(_ rows: Int, width: Int, _ body: (_ row: Int) -> Void) {
        let rowsOfChunk = max(1, Self.elementsOfChunk / max(width, 1))
        guard pool.threads > 1, rows > rowsOfChunk else {
            for row in 0..<rows { body(row) }
            return
        }
        pool.run(chunks: (rows + rowsOfChunk - 1) / rowsOfChunk) { chunk, _ in
            for row in chunk * rowsOfChunk..<min(rows, (chunk + 1) * rowsOfChunk) { body(row) }
        }
    }
}
