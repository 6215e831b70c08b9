/// How the rows of several matrices are cut into chunks that workers take one by one.
///
/// A chunk is large enough that handing it out costs nothing beside its work, and small enough that no worker waits long
/// for the last one. Cuts lie on multiples of the kernels' panels.
struct ChunkPlan {
    private struct Part {
        var firstChunk: Int
        var rows: Int
        var rowsPerChunk: Int
    }

    private var parts: [Part] = []
    private(set) var count = 0

    /// Rows that kernels unpack or read together.
    static let panelRows = 32
    /// Bytes of weights that take a core some tens of microseconds to read.
    static let chunkBytes = 192 * 1024

    /// `work`: activation rows that every weight row meets.
    mutating func add(rows: Int, bytesPerRow: Int, work: Int, threads: Int) {
        let bySize = max(1, Self.chunkBytes / max(1, bytesPerRow * max(1, work / 8)))
        // At least four chunks per thread where the matrix is large enough, so that the last ones finish together.
        let byThreads = threads == 1 ? rows : max(1, rows / (threads * 4))
        let wanted = min(bySize, byThreads)
        let rowsPerChunk = max(1, wanted / Self.panelRows) * Self.panelRows
        parts.append(Part(firstChunk: count, rows: rows, rowsPerChunk: rowsPerChunk))
        count += (rows + rowsPerChunk - 1) / rowsPerChunk
    }

    /// The matrix and the rows of a chunk.
    subscript(chunk: Int) -> (job: Int, rows: Range<Int>) {
        let job = (parts.lastIndex { $0.firstChunk <= chunk }) ?? 0
        let part = parts[job]
        let first = (chunk - part.firstChunk) * part.rowsPerChunk
        return (job, first..<min(part.rows, first + part.rowsPerChunk))
    }
}
