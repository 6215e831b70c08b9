@testable import Tensors
import Testing

@Suite("How attention is cut into items")
struct AttentionPlanTests {
    @Test("every split of every head and tile is in one item", arguments: [1, 2, 3, 16])
    func coversAllOnce(threads: Int) {
        let batches = [
            [(0, 1)], [(600, 1)], [(4096, 1)], [(8191, 1)], [(4096, 3)], [(0, 512)], [(4000, 500)],
            [(10, 1), (2000, 1), (0, 300)], (0..<8).map { ($0 * 700, 1) },
        ]
        // Plans look at no block.
        let block = UnsafeMutableRawPointer.allocate(byteCount: 1, alignment: 1)
        defer { block.deallocate() }
        for (group, heads) in [(2, 8), (1, 32), (7, 2), (4, 6), (128, 1)] {
            for batch in batches {
                let sequences = batch.map { (position, count) in
                    AttentionSequence(
                        blocks: Array(repeating: block, count: KVBlockLayout.blocks(for: position + count)),
                        firstPosition: position, count: count)
                }
                let plan = AttentionPlan(
                    sequences, group: group, keyValueHeads: heads, threads: threads, splitTokens: 512)
                var times = plan.tiles.map { Array(repeating: 0, count: $0.splits * heads) }
                for item in plan.items {
                    #expect(!plan.isSplit || item.splits.count == 1)
                    let tile = plan.tiles[item.tile]
                    #expect(item.heads.count * tile.tokens * group <= AttentionPlan.mostRows(group: group))
                    for head in item.heads {
                        for split in item.splits { times[item.tile][split * heads + head] += 1 }
                    }
                }
                #expect(times.joined().allSatisfy { $0 == 1 }, "\(batch), \(heads) KV heads of \(group)")
            }
        }
    }

    @Test("one sequence far into its context is read block after block")
    func longRuns() {
        let block = UnsafeMutableRawPointer.allocate(byteCount: 1, alignment: 1)
        defer { block.deallocate() }
        let sequence = AttentionSequence(
            blocks: Array(repeating: block, count: 65), firstPosition: 4100, count: 1)
        let plan = AttentionPlan([sequence], group: 2, keyValueHeads: 8, threads: 2, splitTokens: 512)
        #expect(plan.isSplit)
        // All heads of a split together, but for the last of each thread: nobody waits long at the end.
        #expect(plan.items.map(\.heads.count) == Array(repeating: 8, count: 7) + Array(repeating: 2, count: 8))
        #expect(plan.items.first?.splits == 8..<9)
    }
}
