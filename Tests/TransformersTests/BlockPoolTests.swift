import Testing
import TestModels

@testable import Transformers

/// Random sequences over a small pool, against a model of what each block's memory would hold.
private struct Walk {
    static let size = 16

    var pool = BlockPool(capacity: 24, blockTokens: Self.size)
    var random: TestRandom
    var lists: [(list: BlockList, expected: [Int32])] = []
    /// For each block its slots' tokens, as a forward step would write keys and values.
    var memory: [BlockPool.ID: [Int32]] = [:]
    var reused = 0
    var copies = 0
    var refusals = 0

    init(seed: UInt64) { random = TestRandom(seed: seed) }

    /// One of a few conversations, so that beginnings are often shared.
    mutating func prompt() -> [Int32] {
        let system = Int32(random.next() % 2)
        let user = Int32(random.next() % 3)
        let length = 1 + Int(random.next() % 100)
        return (0..<length).map { Int32($0) &* 7 &+ system &+ ($0 > 20 ? user * 1000 : 0) }
    }

    mutating func append(_ tokens: [Int32], to index: Int) {
        let start = lists[index].list.tokens.count
        do throws(CacheError) {
            if let copy = try lists[index].list.reserve(tokens.count, pool: &pool) {
                memory[copy.destination] = memory[copy.source]
                BlockList.finish(copy, pool: &pool)
                copies += 1
            }
        } catch {
            refusals += 1
            return
        }
        for (offset, token) in tokens.enumerated() {
            let place = start + offset
            let block = lists[index].list.blocks[place / Self.size]
            #expect(pool[block].references == 1 && pool[block].serial == 0, "a block that others see is written to")
            memory[block, default: [Int32](repeating: -1, count: Self.size)][place % Self.size] = token
        }
        lists[index].list.commit(tokens, pool: &pool)
        lists[index].expected += tokens
    }

    mutating func step() {
        switch random.next() % 10 {
        case 0...2 where lists.count < 8:
            let prompt = prompt()
            let list = BlockList(prompt: prompt, limit: prompt.count - 1, pool: &pool)
            reused += list.tokens.count
            #expect(list.tokens == Array(prompt.prefix(list.tokens.count)))
            #expect(list.tokens.count < prompt.count)
            lists.append((list, list.tokens))
            append(Array(prompt[list.tokens.count...]), to: lists.count - 1)
        case 3 where !lists.isEmpty && lists.count < 8:
            let source = lists[Int(random.next() % UInt64(lists.count))]
            lists.append((BlockList(forking: source.list, pool: &pool), source.expected))
        case 4 where !lists.isEmpty:
            let index = Int(random.next() % UInt64(lists.count))
            let count = Int(random.next() % UInt64(lists[index].expected.count + 1))
            lists[index].list.truncate(to: count, pool: &pool)
            lists[index].expected.removeSubrange(count...)
        case 5, 6:
            guard !lists.isEmpty else { return }
            lists[Int(random.next() % UInt64(lists.count))].list.close(pool: &pool)
            lists.removeAll { $0.list.blocks.isEmpty && !$0.expected.isEmpty }
            lists.removeAll { $0.expected.isEmpty }
        default:
            guard !lists.isEmpty else { return }
            let count = 1 + Int(random.next() % 20)
            let tokens = (0..<count).map { _ in Int32(random.next() % 3) }
            append(tokens, to: Int(random.next() % UInt64(lists.count)))
        }
    }

    func check() {
        var references: [BlockPool.ID: Int] = [:]
        for (list, expected) in lists {
            #expect(list.tokens == expected)
            for (index, id) in list.blocks.enumerated() {
                references[id, default: 0] += 1
                let content = list.tokens.dropFirst(index * Self.size).prefix(Self.size)
                #expect((memory[id] ?? []).prefix(content.count) == content, "a sequence lost what it had computed")
                if content.count == Self.size {
                    #expect(pool[id].serial != 0, "a full block can be found again")
                }
            }
        }
        #expect(pool.blocks.count <= pool.capacity)
        let (free, cached) = (Set(pool.free), Set(pool.cachedOldestFirst))
        #expect(free.count == pool.free.count && cached.count == pool.cachedCount)
        #expect(free.isDisjoint(with: cached))
        for id in pool.blocks.indices.map(BlockPool.ID.init) {
            let block = pool[id]
            #expect(block.references == references[id, default: 0])
            #expect((block.references == 0) == (free.contains(id) || cached.contains(id)))
            #expect(!free.contains(id) || block.serial == 0)
            guard block.serial != 0 else { continue }
            #expect(memory[id]?.prefix(block.tokens.count) == block.tokens[...], "the index knows the block's tokens")
            if block.parent != 0 {
                #expect(pool.blocks.contains { $0.serial == block.parent }, "a block whose beginning is gone")
            }
        }
        #expect(pool.available == pool.capacity - pool.usedCount)
    }
}

@Suite("KV cache bookkeeping")
struct BlockPoolTests {
    @Test("a random walk keeps every count and every sequence's content", arguments: 1...12 as ClosedRange<UInt64>)
    func randomWalk(seed: UInt64) {
        var walk = Walk(seed: seed)
        for _ in 0..<600 {
            walk.step()
            walk.check()
        }
        #expect(walk.reused > 0 && walk.copies > 0 && walk.refusals > 0, "the walk met every case")
        for index in walk.lists.indices { walk.lists[index].list.close(pool: &walk.pool) }
        #expect(walk.pool.usedCount == 0)
        walk.pool.evictAll()
        #expect(walk.pool.free.count == walk.pool.blocks.count)
        #expect(walk.pool.fullBlocks.isEmpty && walk.pool.children.isEmpty)
    }

    @Test("the least recently used beginning goes first, its last block before its first")
    func eviction() throws {
        var pool = BlockPool(capacity: 4, blockTokens: 16)
        func run(_ prompt: [Int32]) throws -> Int {
            var list = BlockList(prompt: prompt, limit: prompt.count - 1, pool: &pool)
            let reused = list.tokens.count
            _ = try list.reserve(prompt.count - reused, pool: &pool).map { BlockList.finish($0, pool: &pool) }
            list.commit(prompt[reused...], pool: &pool)
            list.close(pool: &pool)
            return reused
        }
        let a = (0..<32).map { Int32($0) } + [1]
        let b = (0..<16).map { Int32($0 + 100) } + [1]
        let c = (0..<16).map { Int32($0 + 200) } + [1]
        #expect(try run(a) == 0)
        #expect(try run(b) == 0)
        #expect(try run(a) == 32)
        #expect(try run(c) == 0)  // needs two blocks: one was free, then b's goes
        #expect(try run(a) == 32)
        #expect(try run(b) == 0)
    }

    @Test("a conversation's next turn takes up every token of the last one, without a copy")
    func nextTurn() throws {
        var pool = BlockPool(capacity: 10, blockTokens: 16)
        let first = (0..<41).map { Int32($0) }
        var list = BlockList(prompt: first, limit: 40, pool: &pool)
        _ = try list.reserve(41, pool: &pool)
        list.commit(first, pool: &pool)
        list.close(pool: &pool)
        let second = first + [7, 8, 9]
        var next = BlockList(prompt: second, limit: second.count - 1, pool: &pool)
        #expect(next.tokens == first)
        #expect(try next.reserve(3, pool: &pool) == nil)
        // Another client that shares a part of the last block gets a copy of it.
        next.commit([7, 8, 9], pool: &pool)
        next.close(pool: &pool)
        var other = BlockList(prompt: Array(first[..<41]) + [5], limit: 41, pool: &pool)
        #expect(other.tokens.count == 41)
        #expect(try other.reserve(1, pool: &pool) != nil)
    }

    @Test("a step that finds no room changes nothing")
    func noRoom() throws {
        var pool = BlockPool(capacity: 2, blockTokens: 16)
        var list = BlockList(prompt: [1], limit: 0, pool: &pool)
        #expect(throws: CacheError.full(blocksNeeded: 3, blocksAvailable: 2)) { try list.reserve(33, pool: &pool) }
        #expect(list.blocks.isEmpty && pool.available == 2)
        _ = try list.reserve(32, pool: &pool)
        #expect(pool.available == 0)
    }
}
