import Testing

@testable import Residency

/// When a turn's `keep_alive` counts: once its model has accepted what it brings, from the moment of its lease.
@Suite struct PolicyTests {
    @Test func `a lease alone sets no policy, acceptance does`() {
        var slot = Scenario.running()
        #expect(slot.request(2, "A") == ["grant #2 A"])
        #expect(slot.status.resident?.keepAlive == .after(.seconds(300)))
        #expect(slot.status.resident?.keepAliveSource == .default)
        #expect(slot.accept(2, .forever) == [])
        #expect(slot.status.resident?.keepAlive == .forever)
        #expect(slot.status.resident?.keepAliveSource == .request)
    }

    @Test func `a turn without a lease sets no policy`() {
        var slot = Scenario.running(ResidencyConfiguration(maxQueue: 2, parallel: 1))
        _ = slot.request(2, "A")
        _ = slot.request(3, "B")
        #expect(slot.request(4, "A").count == 1, "the queue is full")
        for ticket in 2...4 as ClosedRange<UInt64> { #expect(slot.accept(ticket, .forever) == []) }
        #expect(slot.status.resident?.keepAlive == .after(.seconds(300)))
    }

    @Test func `a turn that ends before it is accepted leaves the policy as it was`() {
        var pinned = Scenario.idle(keepAlive: .forever)
        _ = pinned.request(2, "A")
        #expect(pinned.end(2) == [])
        #expect(pinned.accept(2, .zero) == [])
        #expect(pinned.status.resident?.keepAlive == .forever)
        #expect(pinned.wait(.seconds(1_000_000)) == [])
    }

    @Test func `a load for a request that is refused has the default policy`() {
        var slot = Scenario.running()
        #expect(slot.end(1) == [])
        #expect(slot.status.resident?.keepAliveSource == .default)
        #expect(slot.wait(.seconds(300)) == ["unload A idle"])
    }

    @Test func `a refused turn does not undo a zero, and its end lets the model go`() {
        var slot = Scenario.running()
        _ = slot.request(2, "A")
        _ = slot.accept(1, .zero)
        #expect(slot.end(1) == [])
        #expect(slot.end(2) == ["unload A requested"])
    }

    @Test func `of two turns the one with the later lease has the last word, whichever is accepted first`() {
        var slot = Scenario.running()
        _ = slot.request(2, "A")
        _ = slot.accept(2, .forever)
        _ = slot.accept(1, .zero)
        #expect(slot.status.resident?.keepAlive == .forever)
        #expect(slot.end(1) == [])
        #expect(slot.end(2) == [])
        #expect(slot.wait(.seconds(1_000_000)) == [])
    }

    @Test func `the last of a batch sets the policy, in any order of acceptance`() {
        for order in [[1, 2], [2, 1]] as [[UInt64]] {
            var slot = Scenario()
            for ticket in 1...3 as ClosedRange<UInt64> { _ = slot.request(ticket, "A") }
            _ = slot.checked("A")
            _ = slot.loaded("A")
            for ticket in order { _ = slot.accept(ticket, ticket == 1 ? .zero : .forever) }
            #expect(slot.status.resident?.keepAlive == .forever)
        }
    }

    @Test func `leases count in the order in which they were given, not asked for`() {
        var slot = Scenario.running(ResidencyConfiguration(linger: .seconds(10)))
        #expect(slot.request(2, "B") == ["check B"])
        #expect(slot.request(3, nil) == [])
        #expect(slot.request(4, "A") == ["grant #4 A"], "it joins while the swap lingers")
        #expect(slot.cancel(2) == ["refuse #2: the request was cancelled while it waited", "grant #3 A fallback"])
        _ = slot.accept(3, .forever)
        _ = slot.accept(4, .zero)
        #expect(slot.status.resident?.keepAlive == .forever)
    }

    @Test func `an unload request overrules the turns that run, and yields to later ones`() {
        var slot = Scenario.running()
        _ = slot.unload("A")
        _ = slot.accept(1, .forever)
        #expect(slot.status.resident?.keepAlive == .zero)
        var other = slot
        #expect(slot.end(1) == ["unload A requested"])
        _ = other.request(2, "A")
        _ = other.accept(2, .after(.seconds(60)))
        #expect(other.end(1) == [])
        #expect(other.end(2) == [])
        #expect(other.wait(.seconds(60)) == ["unload A idle"])
    }

    @Test func `an unload request during the load yields to the turns that it grants`() {
        var slot = Scenario()
        _ = slot.request(1, "A")
        _ = slot.checked("A")
        _ = slot.unload("A")
        _ = slot.loaded("A")
        #expect(slot.status.resident?.keepAlive == .zero)
        _ = slot.accept(1, .forever)
        #expect(slot.end(1) == [])
    }

    @Test func `a turn that is over when a swap has come sets nothing on the next model`() {
        var slot = Scenario.running()
        _ = slot.request(2, "B")
        _ = slot.checked("B")
        #expect(slot.accept(1, .forever) == [], "a pin does not stop the swap")
        #expect(slot.end(1) == ["unload A for B"])
        #expect(slot.accept(1, .zero) == [])
        _ = slot.unloaded("A")
        #expect(slot.accept(1, .zero) == [])
        _ = slot.loaded("B")
        #expect(slot.accept(1, .zero) == [])
        #expect(slot.status.resident?.keepAlive == .after(.seconds(300)))
        #expect(slot.status.resident?.keepAliveSource == .default)
        _ = slot.accept(2, .after(.seconds(9)))
        #expect(slot.status.resident?.keepAlive == .after(.seconds(9)))
    }

    @Test func `a model that is being let go shows the policy that it had, and where that came from`() {
        var zero = Scenario.running(keepAlive: .zero)
        _ = zero.end(1)
        #expect(zero.status.resident?.state == .draining)
        #expect(zero.status.resident?.keepAlive == .zero)
        #expect(zero.status.resident?.keepAliveSource == .request)
        #expect(zero.status.resident?.expiresIn == .zero)

        var idle = Scenario.idle()
        _ = idle.wait(.seconds(300))
        #expect(idle.status.resident?.keepAlive == .after(.seconds(300)))
        #expect(idle.status.resident?.keepAliveSource == .default)
        #expect(idle.status.resident?.expiresIn == .zero)
    }
}
