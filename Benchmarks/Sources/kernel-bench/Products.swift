import Tensors

/// Products of one weight type at one kernel level.
struct Products {
    let multiplier: MatrixMultiplier
    let type: WeightType
    /// Random bytes; random scales may overflow, which costs the kernels nothing.
    let memory: UnsafeRawBufferPointer

    /// Few activation rows and weights that come from memory: GB/s of weights, with `rows` activation rows.
    func decode(rows: Int, columns: Int = 1024) throws -> Sample {
        let rowBytes = type.rowBytes(columns: columns)
        let weightRows = (16 << 20) / rowBytes
        let size = weightRows * rowBytes
        let matrices = try (0..<memory.count / size).map { index in
            try WeightMatrix(
                type: type, rows: weightRows, columns: columns,
                bytes: UnsafeRawBufferPointer(rebasing: memory[index * size..<(index + 1) * size]))
        }
        return sample(matrices, rows: rows, columns: columns, times: matrices.count, amount: Double(size) * 1e-9)
    }

    /// Many activation rows: GMAC/s. Few weight rows a run: a millisecond that nothing else interrupts is found more often.
    func prefill(rows: Int, weightRows: Int, columns: Int) throws -> Sample {
        let size = type.rowBytes(columns: columns) * weightRows
        let matrix = try WeightMatrix(
            type: type, rows: weightRows, columns: columns, bytes: UnsafeRawBufferPointer(rebasing: memory[..<size]))
        let work = Double(rows) * Double(weightRows) * Double(columns) * 1e-9
        return sample([matrix], rows: rows, columns: columns, times: 100, amount: work)
    }

    private func sample(
        _ matrices: [WeightMatrix], rows: Int, columns: Int, times: Int, amount: Double
    ) -> Sample {
        let activations = (0..<rows * columns).map { Float(($0 &* 7919) % 1000) / 500 - 1 }
        let output = UnsafeMutablePointer<Float>.allocate(capacity: rows * (matrices.map(\.rows).max() ?? 0))
        output.initialize(repeating: 0, count: rows * (matrices.map(\.rows).max() ?? 0))
        defer { output.deallocate() }
        return Sample(times: times, amount: amount) { run in
            multiplier.multiply(
                [matrices[run % matrices.count]], into: [output], activations: activations, rows: rows,
                columns: columns)
        }
    }
}
