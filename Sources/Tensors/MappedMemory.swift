#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// Zeroed memory in a mapping of its own: no page of it exists before it is touched, and all of it goes back to the
/// system at once when this object goes, whatever the heap is like.
public final class MappedMemory {
    /// Where it begins, at a page.
    public let base: UnsafeMutableRawPointer
    /// Its size, at least 1.
    public let byteCount: Int

    /// Memory of `largePage` bytes or more gets large pages where the system has them.
    static let largePage = 2 << 20

    /// Nil if the system refuses.
    public init?(byteCount: Int) {
        let length = max(byteCount, 1)
        guard
            let base = mmap(nil, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
            base != MAP_FAILED
        else { return nil }
        #if canImport(Glibc)
            // They cost a fraction of the faults, and a prompt's rows, each in small pages of its own, more places than
            // the processor remembers. A kernel without them says no, which changes nothing.
            if length >= Self.largePage { _ = madvise(base, length, MADV_HUGEPAGE) }
        #endif
        self.base = base
        self.byteCount = length
    }

    deinit { munmap(base, byteCount) }
}
