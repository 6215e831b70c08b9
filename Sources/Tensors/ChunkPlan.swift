/// How the rows of several matrices are cut into chunks that workers take one by one.
///
/// Each worker gets a chunk of the same size, half of what is left together, then again (factoring, Hummel, Schonberg and
/// Flynn 1992): it reads long stretches of memory, and none waits long for the others at the end of the job. Cuts lie on
/// multiples of the kernels' panels.
struct ChunkPlan {
    /// A worker's share of a matrix.
    struct Chunk {
        /// Which of the matrices.
        var matrix: Int
        var rows: Range<Int>
    }

    /// What a plan has to know of a matrix.
    struct Shape: Equatable {
        var rows: Int
        var rowBytes: Int
    }

    /// In the order in which they are taken.
    private(set) var chunks: [Chunk] = []

    /// Rows that kernels unpack or read together.
    static let panelRows = 32
    /// Bytes of weights that take a core some microseconds to read: far more than handing out a chunk costs.
    static let smallestChunkBytes = 16 * 1024
    /// Activation rows up to which memory, not arithmetic, takes the time of a chunk.
    static let memoryBoundRows = 8

    /// - Parameters:
    ///   - matrices: those of one job; a row of no bytes counts as one byte.
    ///   - work: activation rows that every weight row meets.
    init(_ matrices: some Sequence<Shape>, work: Int, threads: Int) {
        var left = matrices.reduce(0) { $0 + $1.rows * max(1, $1.rowBytes) }
        let smallest = Self.smallestChunkBytes / Self.grains(work)
        var bytes = left
        chunks.reserveCapacity(32)
        for (number, matrix) in matrices.enumerated() {
            let rowBytes = max(1, matrix.rowBytes)
            var first = 0
            while first < matrix.rows {
                if chunks.count % threads == 0 { bytes = threads == 1 ? left : max(smallest, left / (2 * threads)) }
                let panels = max(1, bytes / (rowBytes * Self.panelRows))
                let end = min(matrix.rows, first + panels * Self.panelRows)
                chunks.append(Chunk(matrix: number, rows: first..<end))
                left -= (end - first) * rowBytes
                first = end
            }
        }
    }

    /// Into how many the smallest chunk of a decode step is cut, because its arithmetic takes as much longer.
    fileprivate static func grains(_ work: Int) -> Int { max(1, work / memoryBoundRows) }

    /// What `worker` takes first; nil if there is nothing for it.
    func firstChunk(of worker: Int) -> Chunk? { worker < chunks.count ? chunks[worker] : nil }
}

/// The plans of a multiplier: a decode step makes hundreds of products, of a handful of shapes.
struct ChunkPlans {
    private let threads: Int
    private var kept: [(shapes: [ChunkPlan.Shape], plan: ChunkPlan)] = []

    /// More than a model has shapes; with more than these the oldest goes.
    private static let most = 16

    init(threads: Int) { self.threads = threads }

    /// The plan for `work` activation rows.
    mutating func plan(_ shapes: some Collection<ChunkPlan.Shape>, work: Int) -> ChunkPlan {
        guard ChunkPlan.grains(work) == 1 else { return ChunkPlan(shapes, work: work, threads: threads) }
        if let known = kept.first(where: { $0.shapes.elementsEqual(shapes) }) { return known.plan }
        let plan = ChunkPlan(shapes, work: work, threads: threads)
        if kept.count == Self.most { kept.removeFirst() }
        kept.append((Array(shapes), plan))
        return plan
    }
}
