import Synchronization
@testable import Tensors
import Testing

@Suite("ThreadPool")
struct ThreadPoolTests {
    @Test("every chunk runs exactly once, by a worker in range", arguments: [1, 2, 3, 8])
    func everyChunkOnce(threads: Int) {
        let pool = ThreadPool(threads: threads)
        #expect(pool.threads == threads)
        for chunks in [0, 1, 2, 3, 7, 64, 1000] {
            let counts = UnsafeMutableBufferPointer<Int>.allocate(capacity: chunks)
            counts.initialize(repeating: 0)
            defer { counts.deallocate() }
            let wrongWorkers = Atomic<Int>(0)
            pool.run(chunks: chunks) { chunk, worker in
                counts[chunk] += 1
                if !(0..<threads).contains(worker) { wrongWorkers.add(1, ordering: .relaxed) }
            }
            #expect(counts.allSatisfy { $0 == 1 })
            #expect(wrongWorkers.load(ordering: .relaxed) == 0)
        }
    }

    @Test("jobs in quick succession never mix: each chunk sees its own job's number")
    func jobsDoNotMix() {
        let pool = ThreadPool(threads: 4)
        let chunks = 5
        let seen = UnsafeMutableBufferPointer<Int>.allocate(capacity: chunks)
        defer { seen.deallocate() }
        for job in 0..<20_000 {
            seen.update(repeating: -1)
            pool.run(chunks: chunks) { chunk, _ in seen[chunk] = job }
            let isWhole = seen.allSatisfy { $0 == job }
            #expect(isWhole, "job \(job): \(Array(seen))")
            if !isWhole { return }
        }
    }

    @Test(
        "a streamed chunk comes with the one that the same worker does afterwards", arguments: [1, 2, 5])
    func streamsKnowWhatFollows(threads: Int) {
        let pool = ThreadPool(threads: threads)
        for chunks in [1, 2, 5, 64] {
            let followers = UnsafeMutableBufferPointer<Int?>.allocate(capacity: chunks)
            followers.initialize(repeating: -1)
            defer { followers.deallocate() }
            pool.stream(chunks: chunks, expecting: { _ in .init(start: nil, count: 0) }) { chunk, next, _ in
                followers[chunk] = next
            }
            for (chunk, next) in followers.enumerated() {
                #expect(next == (chunk + threads < chunks ? chunk + threads : nil))
            }
        }
    }

    @Test("each worker that did a streamed chunk says what it expects, before the job ends", arguments: [2, 5])
    func workersExpect(threads: Int) {
        let pool = ThreadPool(threads: threads)
        for _ in 0..<50 {
            let flags = (0..<threads).map { _ in (worked: Flag(), expected: Flag()) }
            pool.stream(chunks: 64) { worker in
                flags[worker].expected.flag.store(true, ordering: .relaxed)
                return .init(start: nil, count: 0)
            } _: { _, _, worker in
                flags[worker].worked.flag.store(true, ordering: .relaxed)
            }
            let worked = flags.map { $0.worked.flag.load(ordering: .relaxed) }
            let expected = flags.map { $0.expected.flag.load(ordering: .relaxed) }
            #expect(worked == expected && worked.contains(true))
        }
    }

    @Test("a worker that never comes has its chunks done by the others, from their front")
    func queuesAreShared() {
        let queues = ChunkQueues(workers: 3)
        #expect(queues.take(as: 1) == nil)
        queues.publish(chunks: 8)
        let taken = (0..<8).map { _ in queues.take(as: 1)?.chunk }
        #expect(taken == [1, 4, 7, 2, 5, 0, 3, 6])
        #expect(queues.take(as: 0) == nil && queues.take(as: 1) == nil && queues.take(as: 2) == nil)
        queues.publish(chunks: 2)
        #expect(queues.take(as: 2)?.chunk == 0)
        #expect(queues.take(as: 0)?.chunk == 1)
        #expect(queues.take(as: 0) == nil)
    }

    @Test("a worker number is never in use twice at the same time")
    func workersAreExclusive() {
        let pool = ThreadPool(threads: 4)
        let inUse = (0..<4).map { _ in Flag() }
        let clashes = Atomic<Int>(0)
        for _ in 0..<200 {
            pool.run(chunks: 40) { _, worker in
                if inUse[worker].flag.exchange(true, ordering: .acquiring) { clashes.add(1, ordering: .relaxed) }
                inUse[worker].flag.store(false, ordering: .releasing)
            }
        }
        #expect(clashes.load(ordering: .relaxed) == 0)
    }

    @Test("workers that fell asleep wake up for the next job, a caller that fell asleep for the last chunk")
    func sleepersWake() async throws {
        let pool = ThreadPool(threads: 3)
        for _ in 0..<5 {
            try await Task.sleep(for: .milliseconds(3))  // far longer than a worker spins
            // Each thread waits inside its chunk for the other two: the job ends only if all three take part.
            let present = Atomic<Int>(0)
            let slow = Atomic<Int>(0)
            pool.run(chunks: 3) { _, worker in
                present.add(1, ordering: .sequentiallyConsistent)
                while present.load(ordering: .sequentiallyConsistent) < 3 {}
                guard worker == 1 else { return }
                for _ in 0..<3_000_000 { slow.add(1, ordering: .relaxed) }
            }
            #expect(present.load(ordering: .relaxed) == 3)
            #expect(slow.load(ordering: .relaxed) == 3_000_000)
        }
    }

    @Test("a pool that goes away ends its threads, used or not")
    func shutdown() {
        for round in 0..<200 {
            let pool = ThreadPool(threads: 3)
            let sum = Atomic<Int>(0)
            if round % 2 == 0 { pool.run(chunks: 10) { chunk, _ in sum.add(chunk, ordering: .relaxed) } }
            #expect(sum.load(ordering: .relaxed) == (round % 2 == 0 ? 45 : 0))
        }
    }

    @Test("a job inside a job stops the process with a sentence")
    func nestedRunTraps() async {
        await #expect(processExitsWith: .failure) {
            let pool = ThreadPool(threads: 2)
            pool.run(chunks: 2) { _, _ in pool.run(chunks: 2) { _, _ in } }
        }
    }
}

private final class Flag: Sendable {
    let flag = Atomic<Bool>(false)
}
