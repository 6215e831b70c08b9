import Testing

@testable import Residency

@Suite struct SwapTests {
    @Test func `a cold model is checked, loaded, and its waiter gets the lease as the load ends`() {
        var slot = Scenario()
        #expect(slot.request(1, "A") == ["check A"])
        #expect(slot.checked("A") == ["load A"])
        #expect(slot.loaded("A") == ["grant #1 A loaded"])
    }

    @Test func `turns for the resident model join it at once`() {
        var slot = Scenario.running()
        #expect(slot.request(2, "A") == ["grant #2 A"])
        #expect(slot.request(3, "A") == ["grant #3 A"])
        #expect(slot.status.resident?.activeTurns == 3)
    }

    @Test func `requests for a loading model join that load`() {
        var slot = Scenario()
        _ = slot.request(1, "A")
        #expect(slot.request(2, "A") == [])
        _ = slot.checked("A")
        #expect(slot.request(3, "A") == [])
        #expect(slot.loaded("A") == ["grant #1 A loaded", "grant #2 A loaded", "grant #3 A loaded"])
    }

    @Test func `a swap waits for the drain, then unloads, then loads`() {
        var slot = Scenario.running()
        #expect(slot.request(2, "B") == ["check B"])
        #expect(slot.checked("B") == ["drain 1 of A for B"])
        #expect(slot.status.resident?.state == .draining)
        #expect(slot.end(1) == ["unload A for B"])
        #expect(slot.unloaded("A") == ["load B"])
        #expect(slot.loaded("B") == ["grant #2 B loaded"])
    }

    @Test func `an idle model is not let go before the new one has passed its check`() {
        var slot = Scenario.idle()
        #expect(slot.request(2, "B") == ["check B"])
        #expect(slot.status.resident?.model == "A")
        #expect(slot.checked("B") == ["unload A for B"])
    }

    @Test func `A B A B A B makes one swap each way`() {
        var slot = Scenario.running()
        #expect(slot.request(2, "B") == ["check B"])
        #expect(slot.checked("B") == ["drain 1 of A for B"])
        #expect(slot.request(3, "A") == [])
        #expect(slot.request(4, "B") == [])
        #expect(slot.request(5, "A") == [])
        #expect(slot.request(6, "B") == [])
        #expect(slot.end(1) == ["unload A for B"])
        #expect(slot.unloaded("A") == ["load B"])
        #expect(slot.loaded("B") == ["grant #2 B loaded", "grant #4 B loaded", "grant #6 B loaded", "check A"])
        // A waits now: later turns for B queue behind it.
        #expect(slot.request(7, "B") == [])
        #expect(slot.checked("A") == ["drain 3 of B for A"])
        #expect(slot.end(2) == [])
        #expect(slot.end(6) == [])
        #expect(slot.end(4) == ["unload B for A"])
        #expect(slot.unloaded("B") == ["load A"])
        #expect(slot.loaded("A") == ["grant #3 A loaded", "grant #5 A loaded", "check B"])
    }

    @Test func `a model that fails its check costs its waiters an error and leaves the resident one`() {
        var slot = Scenario.running()
        _ = slot.request(2, "B")
        _ = slot.request(3, "A")
        _ = slot.request(4, "B")
        #expect(
            slot.checked("B", failure: "bad magic") == [
                "refuse #2: model 'B' cannot be loaded: bad magic",
                "refuse #4: model 'B' cannot be loaded: bad magic", "grant #3 A",
            ])
        #expect(slot.status.resident?.state == .ready)
    }

    @Test func `a load that fails empties the slot and the server lives on`() {
        var slot = Scenario()
        _ = slot.request(1, "A")
        _ = slot.checked("A")
        _ = slot.request(2, "B")
        #expect(slot.loadFailed("A") == ["refuse #1: model 'A' failed to load: broken", "check B"])
        #expect(slot.status.resident == nil)
        #expect(slot.checked("B") == ["load B"])
        #expect(slot.loaded("B") == ["grant #2 B loaded"])
    }

    @Test func `a waiting turn that leaves takes its swap with it`() {
        var slot = Scenario.running()
        _ = slot.request(2, "B")
        _ = slot.checked("B")
        _ = slot.request(3, "A")
        #expect(slot.cancel(2) == ["refuse #2: the request was cancelled while it waited", "grant #3 A"])
        #expect(slot.status.resident?.state == .ready)
    }

    @Test func `cancelling a turn that was answered does nothing`() {
        var slot = Scenario.running()
        #expect(slot.cancel(1) == [])
        #expect(slot.status.resident?.activeTurns == 1)
    }

    @Test func `a load that nobody waits for is abandoned`() {
        var slot = Scenario()
        _ = slot.request(1, "A")
        _ = slot.request(2, "A")
        _ = slot.checked("A")
        #expect(slot.cancel(1).count == 1)
        #expect(slot.cancel(2) == ["refuse #2: the request was cancelled while it waited", "cancel load A"])
        #expect(slot.loadFailed("A", "cancelled") == [])
        #expect(slot.status.resident == nil)
    }

    @Test func `a turn that comes while its load is being given up is served by a new load`() {
        var slot = Scenario()
        _ = slot.request(1, "A")
        _ = slot.checked("A")
        _ = slot.cancel(1)
        #expect(slot.request(2, "A") == [])
        #expect(slot.loadFailed("A", "cancelled") == ["check A"])
        #expect(slot.checked("A") == ["load A"])
        #expect(slot.loaded("A") == ["grant #2 A loaded"])
    }

    @Test func `an abandoned load that ends well after all is let go, unless somebody came`() {
        var slot = Scenario()
        _ = slot.request(1, "A")
        _ = slot.checked("A")
        _ = slot.cancel(1)
        var other = slot
        #expect(slot.loaded("A") == ["unload A abandoned"])
        _ = other.request(2, "A")
        #expect(other.loaded("A") == ["grant #2 A loaded"])
    }

    @Test func `the queue has a limit, and joining the resident model is not queueing`() {
        var slot = Scenario.running(ResidencyConfiguration(maxQueue: 2))
        #expect(slot.request(2, "A") == ["grant #2 A"])
        _ = slot.request(3, "B")
        _ = slot.request(4, "B")
        #expect(slot.request(5, "B") == ["refuse #5: the queue is full: 2 turns wait already; try again in a moment"])
        _ = slot.cancel(3)
        #expect(slot.request(6, "B") == [])
    }

    @Test func `with linger, turns for the resident model join until the waiting one is that old`() {
        var slot = Scenario.running(ResidencyConfiguration(linger: .seconds(10)))
        _ = slot.request(2, "B")
        _ = slot.checked("B")
        _ = slot.wait(.milliseconds(9_999))
        #expect(slot.request(3, "A") == ["grant #3 A"])
        #expect(slot.request(4, nil) == [], "an unknown name never delays a swap")
        _ = slot.wait(.milliseconds(1))
        #expect(slot.request(5, "A") == [])
    }

    @Test func `a check that was overtaken does not let another model in unchecked`() {
        var slot = Scenario.running()
        #expect(slot.request(2, "B") == ["check B"])
        _ = slot.request(3, "C")
        _ = slot.cancel(2)
        #expect(slot.checked("B") == ["check C"])
        #expect(slot.end(1) == [])
        #expect(slot.checked("C") == ["unload A for C"])
    }

    @Test func `a check is not used again once its turn has left`() {
        var slot = Scenario.running()
        _ = slot.request(2, "B")
        _ = slot.checked("B")
        _ = slot.cancel(2)
        #expect(slot.request(3, "B") == ["check B"])
    }

    @Test func `further turns than run at once wait for a place, and hold the model as a lease does`() {
        var slot = Scenario.running(ResidencyConfiguration(parallel: 2))
        #expect(slot.request(2, "A") == ["grant #2 A"])
        #expect(slot.request(3, "A") == [])
        #expect(slot.request(4, "B") == ["check B"])
        #expect(slot.checked("B") == ["drain 3 of A for B"])
        #expect(slot.status.queuedTurns == 2)
        #expect(slot.end(1) == ["grant #3 A"])
        #expect(slot.end(2) == [])
        #expect(slot.end(3) == ["unload A for B"])
    }

    @Test func `a turn that waits for a place may leave`() {
        var slot = Scenario.running(ResidencyConfiguration(parallel: 1))
        _ = slot.request(2, "A")
        _ = slot.request(3, "B")
        _ = slot.checked("B")
        #expect(slot.cancel(2) == ["refuse #2: the request was cancelled while it waited"])
        #expect(slot.end(1) == ["unload A for B"])
    }

    @Test func `progress never runs backwards`() {
        var slot = Scenario()
        _ = slot.request(1, "A")
        _ = slot.checked("A")
        slot.machine.loadProgress("A", 0.5)
        slot.machine.loadProgress("A", 0.25)
        slot.machine.loadProgress("B", 0.75)
        #expect(slot.status.resident?.loadProgress == 0.5)
        #expect(slot.status.resident?.state == .loading)
        slot.machine.loadProgress("A", 7)
        #expect(slot.status.resident?.loadProgress == 1)
    }
}
