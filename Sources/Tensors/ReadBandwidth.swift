internal import CKernels

/// How fast the threads of a pool read memory: the roof of decoding, which reads all weights for each token.
public enum ReadBandwidth {
    /// A chunk takes a core some tens of microseconds, as one of a matrix does.
    private static let chunkBytes = 1 << 20

    /// Reads `regions` once from beginning to end, in chunks that the threads take one by one.
    ///
    /// - Returns: bytes a second. The first reading of a file also brings it into memory; a later one tells the bandwidth.
    public static func measure(_ regions: [UnsafeRawBufferPointer], pool: ThreadPool) -> Double {
        var chunks: [UnsafeRawBufferPointer] = []
        for region in regions {
            for start in stride(from: 0, to: region.count, by: chunkBytes) {
                let end = min(region.count, start + chunkBytes)
                chunks.append(UnsafeRawBufferPointer(rebasing: region[start..<end]))
            }
        }
        let start = monotonicNanoseconds()
        pool.run(chunks: chunks.count) { chunk, _ in
            _ = ck_read(chunks[chunk].baseAddress, chunks[chunk].count)
        }
        let nanoseconds = max(1, monotonicNanoseconds() - start)
        return Double(chunks.reduce(0) { $0 + $1.count }) / (Double(nanoseconds) / 1e9)
    }
}
