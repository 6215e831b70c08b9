import Synchronization

internal import CKernels

/// What threads of a pool ask for while they have nothing to do: the memory that the next job reads first.
///
/// Between two matrices of a decode step the caller normalises, rotates and sums alone, and the memory would rest. Only
/// hints: nobody waits for the bytes, and an address that is no longer valid does no harm.
struct ReadAhead: ~Copyable {
    private let start = Atomic<UInt>(0)
    private let end = Atomic<UInt>(0)

    /// Bytes that one thread asks for: a part of its second-level cache, which the current job still uses as well.
    static let bytesPerThread: UInt = 256 * 1024
    /// Bytes between two looks at whether there is work.
    static let step: UInt = 1024

    /// The memory that the next job reads; nil: nothing worth asking for.
    func expect(_ region: UnsafeRawBufferPointer?) {
        let address = region.map { UInt(bitPattern: $0.baseAddress) } ?? 0
        // Nobody needs both values to belong together.
        start.store(address, ordering: .relaxed)
        end.store(address + UInt(region?.count ?? 0), ordering: .relaxed)
    }

    /// How far one thread has come.
    struct Position {
        private var start: UInt = 0
        private var next: UInt = 0
        private var end: UInt = 0

        /// Asks for a little of worker `number`'s part of `ahead`; false if all of it has been asked for.
        mutating func advance(_ ahead: borrowing ReadAhead, worker number: Int) -> Bool {
            let first = ahead.start.load(ordering: .relaxed)
            if first != start {
                start = first
                next = first &+ UInt(number) &* ReadAhead.bytesPerThread
                end = min(ahead.end.load(ordering: .relaxed), next &+ ReadAhead.bytesPerThread)
            }
            guard next < end else { return false }
            ck_read_ahead(next, Int(ReadAhead.step))
            next += ReadAhead.step
            return true
        }
    }
}
