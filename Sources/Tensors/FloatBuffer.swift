/// Memory for floats, aligned for the widest vectors, that grows and is never copied.
struct FloatBuffer: ~Copyable {
    private(set) var base: UnsafeMutablePointer<Float>
    private(set) var count: Int

    init(_ count: Int = 0) {
        base = Self.allocate(count)
        self.count = count
    }

    deinit { UnsafeMutableRawPointer(base).deallocate() }

    /// Makes room for `wanted` floats. What was in it is lost if it has to grow.
    mutating func reserve(_ wanted: Int) {
        guard wanted > count else { return }
        UnsafeMutableRawPointer(base).deallocate()
        base = Self.allocate(wanted)
        count = wanted
    }

    private static func allocate(_ count: Int) -> UnsafeMutablePointer<Float> {
        UnsafeMutableRawPointer.allocate(byteCount: max(count, 16) * MemoryLayout<Float>.size, alignment: 64)
            .bindMemory(to: Float.self, capacity: max(count, 16))
    }
}

/// Scratch memory of its own for every worker of a pool.
struct WorkerScratch: ~Copyable {
    private let memory: FloatBuffer
    private let stride: Int

    init(workers: Int, floats: Int) {
        // Two lines of distance, so that neighbours' prefetchers do not fight.
        stride = (floats + 63) / 32 * 32
        memory = FloatBuffer(workers * stride)
    }

    subscript(worker: Int) -> UnsafeMutablePointer<Float> { memory.base + worker * stride }
}
