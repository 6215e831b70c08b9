/// A matrix of weights that lie in memory as their file stores them: `[rows, columns]`, a row contiguous.
///
/// It only points to the bytes: whoever owns the map keeps it alive while the matrix is in use. Any alignment is good.
public struct WeightMatrix: @unchecked Sendable {
    /// How the elements are stored.
    public let type: WeightType
    /// Outputs: GGUF's second dimension.
    public let rows: Int
    /// Inputs: GGUF's first, contiguous dimension.
    public let columns: Int
    /// The first byte of row 0.
    public let base: UnsafePointer<UInt8>

    /// Bytes from one row to the next.
    public let rowBytes: Int
    /// Bytes of the whole matrix: what one product reads.
    public var byteCount: Int { rowBytes * rows }
    var shape: ChunkPlan.Shape { ChunkPlan.Shape(rows: rows, rowBytes: rowBytes) }

    /// The bytes of some rows.
    func bytes(ofRows range: Range<Int>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: base + range.lowerBound * rowBytes, count: range.count * rowBytes)
    }

    /// Throws `TensorError` when the shape does not fit the type or the bytes do not suffice.
    public init(type: WeightType, rows: Int, columns: Int, bytes: UnsafeRawBufferPointer) throws(TensorError) {
        guard rows > 0, columns > 0 else { throw .emptyMatrix(rows: rows, columns: columns) }
        guard columns % type.blockElements == 0 else { throw .partialBlock(type: type, columns: columns) }
        let (perRow, overflow) = (columns / type.blockElements).multipliedReportingOverflow(by: type.blockBytes)
        let (needed, overflowToo) = perRow.multipliedReportingOverflow(by: rows)
        guard !overflow, !overflowToo, let start = bytes.baseAddress, bytes.count >= needed else {
            throw .tooFewBytes(
                type: type, rows: rows, columns: columns, needed: overflow || overflowToo ? nil : needed,
                found: bytes.count)
        }
        self.type = type
        self.rows = rows
        self.columns = columns
        rowBytes = perRow
        base = start.assumingMemoryBound(to: UInt8.self)
    }
}
