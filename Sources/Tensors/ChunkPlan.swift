/// How the rows of several matrices are cut into chunks that workers take one by one.
///
/// The first chunks are large and the last ones small (guided self-scheduling, Polychronopoulos and Kuck 1987): a worker
/// reads long stretches of memory, and none waits long for the others at the end of the job. Cuts lie on multiples of the
/// kernels' panels.
struct ChunkPlan {
    /// A worker's share of a matrix.
    struct Chunk {
        var job: Int
        var rows: Range<Int>
    }

    /// In the order in which they are taken.
    private(set) var chunks: [Chunk] = []

    /// Rows that kernels unpack or read together.
    static let panelRows = 32
    /// Bytes of weights that take a core some microseconds to read: far more than handing out a chunk costs.
    static let smallestChunkBytes = 32 * 1024
    /// Activation rows up to which memory, not arithmetic, takes the time of a chunk.
    static let memoryBoundRows = 8

    /// - Parameters:
    ///   - matrices: rows of each, and bytes of a row; no bytes count as one.
    ///   - work: activation rows that every weight row meets.
    init(_ matrices: [(rows: Int, bytesPerRow: Int)], work: Int, threads: Int) {
        var left = matrices.reduce(0) { $0 + $1.rows * max(1, $1.bytesPerRow) }
        let smallest = Self.smallestChunkBytes / max(1, work / Self.memoryBoundRows)
        chunks.reserveCapacity(32)
        for (job, matrix) in matrices.enumerated() {
            let bytesPerRow = max(1, matrix.bytesPerRow)
            var first = 0
            while first < matrix.rows {
                let bytes = threads == 1 ? left : max(smallest, left / (2 * threads))
                let panels = max(1, bytes / (bytesPerRow * Self.panelRows))
                let end = min(matrix.rows, first + panels * Self.panelRows)
                chunks.append(Chunk(job: job, rows: first..<end))
                left -= (end - first) * bytesPerRow
                first = end
            }
        }
    }
}
