import Testing

@testable import Residency

@Suite struct ShutdownTests {
    @Test func `an empty slot stops at once`() {
        var slot = Scenario()
        #expect(slot.shutDown(grace: .seconds(30)) == ["stopped"])
        #expect(slot.request(1, "A") == ["refuse #1: the server is shutting down"])
    }

    @Test func `an idle model is unloaded first`() {
        var slot = Scenario.idle(keepAlive: .forever)
        #expect(slot.shutDown(grace: .seconds(30)) == ["unload A shutdown"])
        #expect(slot.unloaded("A") == ["stopped"])
    }

    @Test func `turns that run or wait may finish within the grace`() {
        var slot = Scenario.running()
        _ = slot.request(2, "B")
        _ = slot.checked("B")
        #expect(slot.shutDown(grace: .seconds(30)) == [])
        #expect(slot.request(3, "A") == ["refuse #3: the server is shutting down"])
        #expect(slot.end(1) == ["unload A for B"])
        #expect(slot.unloaded("A") == ["load B"])
        #expect(slot.loaded("B") == ["grant #2 B loaded"])
        #expect(slot.end(2) == ["unload B shutdown"])
        #expect(slot.unloaded("B") == ["stopped"])
        #expect(slot.wait(.seconds(60)) == [])
    }

    @Test func `when the grace is over, running turns are cut and waiting ones refused`() {
        var slot = Scenario.running(ResidencyConfiguration(parallel: 1))
        _ = slot.request(2, "A")
        _ = slot.request(3, "B")
        _ = slot.shutDown(grace: .seconds(30))
        #expect(slot.machine.nextWake?.offset == .seconds(30))
        #expect(
            slot.wait(.seconds(30)) == [
                "refuse #3: the server is shutting down", "refuse #2: the server is shutting down", "cut #1",
            ])
        #expect(slot.end(1) == ["unload A shutdown"])
        #expect(slot.unloaded("A") == ["stopped"])
        #expect(slot.checked("B") == [])
    }

    @Test func `when the grace is over, a load is given up`() {
        var slot = Scenario()
        _ = slot.request(1, "A")
        _ = slot.checked("A")
        #expect(slot.shutDown(grace: .zero) == ["refuse #1: the server is shutting down", "cancel load A"])
        #expect(slot.loadFailed("A", "cancelled") == ["stopped"])
    }

    @Test func `a second call does not prolong the grace`() {
        var slot = Scenario.running()
        _ = slot.shutDown(grace: .seconds(30))
        #expect(slot.shutDown(grace: .seconds(90)) == [])
        #expect(slot.machine.nextWake?.offset == .seconds(30))
    }
}
