#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// Zeroed memory in a mapping of its own: no page of it exists before it is touched, and all of it goes back to the
/// system at once when this object goes, whatever the heap is like.
final class MappedMemory {
    let base: UnsafeMutableRawPointer
    let byteCount: Int

    /// Nil if the system refuses.
    init?(byteCount: Int) {
        let length = max(byteCount, 1)
        guard
            let base = mmap(nil, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
            base != MAP_FAILED
        else { return nil }
        #if canImport(Glibc)
            // Large pages cost a fraction of the faults; a kernel without them says no, which changes nothing.
            if length >= 4 << 20 { _ = madvise(base, length, MADV_HUGEPAGE) }
        #endif
        self.base = base
        self.byteCount = length
    }

    deinit { munmap(base, byteCount) }
}
