internal import CKernels

/// Memory that a thread asks for while it waits: what it will read first of the next job.
///
/// Between two matrices of a decode step the caller normalises, quantises and sums alone, and the memory would rest. Only
/// hints: nobody waits for the bytes, and an address that is no longer valid does no harm.
struct ReadAhead {
    private var next: UInt = 0
    private var end: UInt = 0

    /// Bytes that one thread asks for: a part of its second-level cache, which the current job still uses as well.
    static let mostBytes = 256 * 1024
    /// Bytes between two looks at whether there is work.
    private static let step: UInt = 1024

    /// Nothing is worth asking for.
    init() {}

    init(_ region: UnsafeRawBufferPointer) {
        next = UInt(bitPattern: region.baseAddress)
        end = next + UInt(min(region.count, Self.mostBytes))
    }

    /// Asks for a little; false if all has been asked for.
    mutating func advance() -> Bool {
        guard next < end else { return false }
        ck_read_ahead(next, Int(Self.step))
        next += Self.step
        return true
    }
}
