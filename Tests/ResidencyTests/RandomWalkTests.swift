import Testing

@testable import Residency

@Suite struct RandomWalkTests {
    /// 500 worlds of 2,400 events and more each: over a million in all.
    @Test func `a million events break no rule, and nobody waits for ever`() {
        var events = 0
        var grants = 0
        var loads = 0
        for seed in 0..<500 as Range<UInt64> {
            var world = RandomWorld(seed: seed)
            for _ in 0..<12 {
                for _ in 0..<330 where world.problem == nil { world.step() }
                if world.problem == nil { world.drain() }
            }
            if world.problem == nil { world.shutDown() }
            if let problem = world.problem {
                Issue.record("seed \(seed): \(problem)")
                return
            }
            events += world.events
            grants += world.grants
            loads += world.loads
        }
        #expect(events >= 1_000_000)
        #expect(grants > 100_000)
        #expect(loads > 10_000)
        print("random walk: \(events) events, \(grants) leases, \(loads) loads")
    }
}
