import Testing

@testable import Residency

/// What whoever watches the slot is told of swaps and drains, and when.
@Suite struct DrainTests {
    /// A is resident, turn 1 runs on it since time zero, and B waits for its place since second 5.
    static func draining(_ configuration: ResidencyConfiguration = ResidencyConfiguration()) -> Scenario {
        var slot = Scenario.running(configuration)
        _ = slot.wait(.seconds(5))
        _ = slot.request(2, "B")
        _ = slot.checked("B")
        return slot
    }

    @Test func `a swap is told with how long drain, unload and load took together`() {
        var slot = Self.draining()
        _ = slot.wait(.seconds(3))
        #expect(slot.end(1) == ["unload A for B"])
        #expect(slot.told.map(Self.text) == ["drained A for B 3.0 seconds"])
        _ = slot.wait(.seconds(1))
        _ = slot.unloaded("A")
        _ = slot.wait(.seconds(2))
        _ = slot.loaded("B")
        #expect(slot.told.map(Self.text) == ["drained A for B 3.0 seconds", "swapped A B 6.0 seconds"])
    }

    @Test func `a swap of an idle model has no drain`() {
        var slot = Scenario.idle()
        _ = slot.request(2, "B")
        _ = slot.checked("B")
        _ = slot.unloaded("A")
        _ = slot.wait(.seconds(2))
        _ = slot.loaded("B")
        #expect(slot.told.map(Self.text) == ["swapped A B 2.0 seconds"])
    }

    @Test func `a first load, and one after the reaper, are no swaps`() {
        var slot = Scenario.idle()
        _ = slot.wait(.seconds(300))
        _ = slot.unloaded("A")
        _ = slot.request(2, "B")
        _ = slot.checked("B")
        _ = slot.loaded("B")
        #expect(slot.told.isEmpty)
    }

    @Test func `a swap whose load fails is none`() {
        var slot = Scenario.idle()
        _ = slot.request(2, "B")
        _ = slot.checked("B")
        _ = slot.unloaded("A")
        _ = slot.loadFailed("B")
        _ = slot.request(3, "C")
        _ = slot.checked("C")
        _ = slot.loaded("C")
        #expect(slot.told.isEmpty)
    }

    @Test func `the watchdog speaks when a swap waits long, and again when the wait has doubled`() {
        var slot = Self.draining(ResidencyConfiguration(watchdog: .seconds(30)))
        #expect(slot.machine.nextWake?.offset == .seconds(35))
        _ = slot.wait(.milliseconds(29_999))
        #expect(slot.told.isEmpty)
        _ = slot.wait(.milliseconds(1))
        let delay = SwapDelay(
            model: "A", next: "B", waited: .seconds(30), turns: 1, oldestTurn: Ticket(number: 1),
            running: .seconds(35))
        #expect(slot.told.compactMap(Self.delay) == [delay])
        #expect(slot.machine.nextWake?.offset == .seconds(65))
        _ = slot.wait(.seconds(30))
        _ = slot.wait(.seconds(59))
        #expect(slot.told.compactMap(Self.delay).map(\.waited) == [.seconds(30), .seconds(60)])
        #expect(slot.machine.nextWake?.offset == .seconds(125))
    }

    @Test func `a drain that nobody waits for any more is given up, and the watchdog with it`() {
        var slot = Self.draining()
        _ = slot.wait(.seconds(4))
        _ = slot.cancel(2)
        #expect(slot.told.map(Self.text) == ["no drain of A for B 4.0 seconds"])
        #expect(slot.machine.nextWake == nil)
        #expect(slot.status.resident?.state == .ready)
        // The next one begins anew.
        _ = slot.request(3, "B")
        #expect(slot.checked("B") == ["drain 1 of A for B"])
    }

    @Test func `a drain for one model is given up for another's`() {
        var slot = Self.draining()
        _ = slot.request(3, "C")
        #expect(slot.cancel(2) == ["refuse #2: the request was cancelled while it waited", "check C"])
        #expect(slot.told.map(Self.text) == ["no drain of A for B 0.0 seconds"])
        #expect(slot.machine.nextWake == nil)
        #expect(slot.checked("C") == ["drain 1 of A for C"])
    }

    @Test func `a drained model that is to go anyway is told as drained`() {
        var slot = Scenario.running(keepAlive: .zero)
        _ = slot.request(2, "B")
        _ = slot.checked("B")
        #expect(slot.end(1) == ["unload A requested"])
        #expect(slot.told.map(Self.text) == ["drained A for B 0.0 seconds"])
    }

    static func delay(_ event: ResidencyEvent<String>) -> SwapDelay<String>? {
        if case .swapWaits(let delay) = event { delay } else { nil }
    }

    static func text(_ event: ResidencyEvent<String>) -> String {
        switch event {
        case .drained(let model, let next, let after): "drained \(model) for \(next) \(after)"
        case .drainAbandoned(let model, let next, let after): "no drain of \(model) for \(next) \(after)"
        case .swapped(let from, let to, let after): "swapped \(from) \(to) \(after)"
        default: "\(event)"
        }
    }
}
