import Testing

@testable import Residency

@Suite struct IdleTests {
    @Test func `the idle clock starts when the last turn ends`() {
        var slot = Scenario.running()
        #expect(slot.machine.nextWake == nil)
        _ = slot.request(2, "A")
        #expect(slot.wait(.seconds(1_000)) == [])
        _ = slot.end(1)
        #expect(slot.machine.nextWake == nil)
        #expect(slot.wait(.seconds(1_000)) == [])
        _ = slot.end(2)
        #expect(slot.machine.nextWake?.offset == .seconds(2_300))
        #expect(slot.wait(.milliseconds(299_999)) == [])
        #expect(slot.wait(.milliseconds(1)) == ["unload A idle"])
        #expect(slot.unloaded("A") == [])
        #expect(slot.machine.nextWake == nil)
    }

    @Test func `a value replaces the policy, and none leaves it`() {
        var slot = Scenario.idle(keepAlive: .after(.seconds(10)))
        #expect(slot.status.resident?.keepAlive == .after(.seconds(10)))
        #expect(slot.status.resident?.keepAliveSource == .request)
        _ = slot.request(2, "A")
        _ = slot.end(2)
        #expect(slot.status.resident?.keepAlive == .after(.seconds(10)))
        _ = slot.request(3, nil)
        _ = slot.accept(3, .forever)
        _ = slot.end(3)
        #expect(slot.machine.nextWake == nil)
        #expect(slot.wait(.seconds(1_000_000)) == [])
        _ = slot.request(4, "A")
        _ = slot.end(4)
        #expect(slot.status.resident?.keepAlive == .forever)
    }

    @Test func `a load without a value gets the default`() {
        let slot = Scenario.idle(ResidencyConfiguration(keepAlive: .after(.seconds(7))))
        #expect(slot.status.resident?.keepAlive == .after(.seconds(7)))
        #expect(slot.status.resident?.keepAliveSource == .default)
    }

    @Test func `zero unloads the moment the turn ends`() {
        var slot = Scenario.running(keepAlive: .zero)
        #expect(slot.end(1) == ["unload A requested"])
    }

    @Test func `zero waits for the other turns, and a later turn may set another policy`() {
        var slot = Scenario.running(keepAlive: .zero)
        _ = slot.request(2, "A")
        #expect(slot.end(1) == [])
        var other = slot
        #expect(slot.end(2) == ["unload A requested"])
        _ = other.request(3, "A")
        _ = other.accept(3, .after(.seconds(60)))
        #expect(other.end(2) == [])
        #expect(other.end(3) == [])
        #expect(other.wait(.seconds(60)) == ["unload A idle"])
    }

    @Test func `the policy of a model that was swapped out is forgotten`() {
        var slot = Scenario.idle(keepAlive: .forever)
        _ = slot.request(2, "B")
        #expect(slot.checked("B") == ["unload A for B"], "a pin does not keep another model out")
        _ = slot.unloaded("A")
        _ = slot.loaded("B")
        #expect(slot.status.resident?.keepAlive == .after(.seconds(300)))
        _ = slot.end(2)
        _ = slot.request(3, "A")
        _ = slot.checked("A")
        _ = slot.unloaded("B")
        _ = slot.loaded("A")
        #expect(slot.status.resident?.keepAlive == .after(.seconds(300)))
    }

    @Test func `a turn that comes just before the reaper keeps the model`() {
        var slot = Scenario.idle()
        slot.now = slot.now.advanced(by: .seconds(300))
        // The tick is due, but the request is first.
        #expect(slot.request(2, "A") == ["grant #2 A"])
        #expect(slot.wait(.zero) == [])
    }

    @Test func `a turn that comes while its model is being let go is served by a new load`() {
        var slot = Scenario.idle()
        _ = slot.wait(.seconds(300))
        #expect(slot.request(2, "A") == [])
        #expect(slot.unloaded("A") == ["check A"])
        #expect(slot.checked("A") == ["load A"])
        #expect(slot.loaded("A") == ["grant #2 A loaded"])
    }

    @Test func `an unload request works at once, after the last turn, on a load, and on nothing`() {
        var idle = Scenario.idle(keepAlive: .forever)
        #expect(idle.unload("B") == [])
        #expect(idle.unload("A") == ["unload A requested"])

        var busy = Scenario.running()
        #expect(busy.unload(nil) == [])
        #expect(busy.end(1) == ["unload A requested"])

        var loading = Scenario()
        _ = loading.request(1, "A")
        _ = loading.checked("A")
        #expect(loading.unload("A") == [])
        #expect(loading.loaded("A") == ["grant #1 A loaded"])
        #expect(loading.end(1) == ["unload A requested"])

        var empty = Scenario()
        #expect(empty.unload("A") == [])
    }

    @Test func `the status shows the window, and reading it does not touch the clock`() {
        var slot = Scenario.running(keepAlive: .after(.seconds(60)))
        _ = slot.wait(.seconds(30))
        #expect(slot.status.resident?.idleRemaining == nil)
        #expect(slot.status.resident?.expiresIn == .seconds(60), "while a turn runs it is now + window")
        _ = slot.end(1)
        _ = slot.wait(.seconds(20))
        #expect(slot.status.resident?.idleRemaining == .seconds(40))
        #expect(slot.status.resident?.expiresIn == .seconds(40))
        #expect(slot.status == slot.status)
        #expect(slot.wait(.seconds(40)) == ["unload A idle"])
        #expect(slot.status.resident?.state == .draining)
        _ = slot.unloaded("A")
        #expect(slot.status.resident == nil)

        let pinned = Scenario.idle(keepAlive: .forever)
        #expect(pinned.status.resident?.idleRemaining == nil)
        #expect(pinned.status.resident?.expiresIn == nil)
    }
}
