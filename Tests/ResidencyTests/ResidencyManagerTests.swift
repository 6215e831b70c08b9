import Synchronization
import Testing

@testable import Residency

/// The state machine at work, with tasks, cancellation and a clock that only the test moves.
@Suite(.timeLimit(.minutes(1))) struct ResidencyManagerTests {
    let loader = ScriptedLoader()
    let clock = ManualClock()
    let manager: ResidencyManager<ScriptedLoader, ManualClock>
    let events = EventLog()

    final class EventLog: Sendable {
        let lines = Mutex<[String]>([])
    }

    init() {
        manager = ResidencyManager(
            loader: loader, clock: clock, configuration: ResidencyConfiguration(),
            servable: .init(models: ["A", "B"])
        ) { [events] event in
            let line: String? =
                switch event {
                case .loadStarted(let model): "loading \(model)"
                case .loaded(let model, let after): "loaded \(model) after \(after)"
                case .loadFailed(let model, let error, _): "failed \(model): \(error)"
                case .loadAbandoned(let model, _): "abandoned \(model)"
                case .checkFailed(let model, let error): "refused \(model): \(error)"
                case .draining(let model, let next, let turns): "draining \(turns) of \(model) for \(next)"
                case .unloaded(let model, _, _): "unloaded \(model)"
                case .swapped(let from, let to, let after): "swapped \(from) for \(to) after \(after)"
                case .drained(let model, let next, let after): "drained \(model) for \(next) after \(after)"
                case .drainAbandoned(let model, let next, _): "no longer draining \(model) for \(next)"
                case .swapWaits(let delay): "\(delay.next) waits \(delay.waited) for \(delay.oldestTurn)"
                case .admitted: nil
                }
            if let line { events.lines.withLock { $0.append(line) } }
        }
    }

    /// Lets other tasks run until the condition holds; the suite's time limit ends a wait in vain.
    func eventually(_ condition: () -> Bool) async {
        while !condition() { await Task.yield() }
    }

    @Test func `a lease carries the loaded model and ends with its turn`() async throws {
        let answer = try await manager.withLease(.model("A")) { lease in
            #expect(manager.status.resident?.activeTurns == 1)
            #expect(lease.admission.waitedForLoad)
            return lease.loaded
        }
        #expect(answer == "engine of A")
        #expect(manager.status.resident?.activeTurns == 0)
        #expect(loader.log == ["check A", "load A"])
    }

    @Test func `a lease that is dropped unused is released, and one that is released twice only once`() async throws {
        var lease: Lease<String, String>? = try await manager.acquire(.model("A"))
        #expect(lease != nil && manager.status.resident?.activeTurns == 1)
        lease = nil
        await eventually { manager.status.resident?.activeTurns == 0 }

        let second = try await manager.acquire(.resident)
        let third = try await manager.acquire(.resident)
        second.release()
        second.release()
        #expect(manager.status.resident?.activeTurns == 1)
        third.release()
    }

    @Test func `concurrent requests cause one load`() async throws {
        try await withThrowingTaskGroup { group in
            for _ in 0..<50 {
                group.addTask { try await manager.withLease(.model("A")) { _ in } }
            }
            try await group.waitForAll()
        }
        #expect(loader.log == ["check A", "load A"])
    }

    @Test func `a swap waits for the running turn`() async throws {
        let lease = try await manager.acquire(.model("A"))
        let swap = Task { try await manager.withLease(.model("B")) { $0.loaded } }
        await eventually { events.lines.withLock { $0.last == "draining 1 of A for B" } }
        #expect(loader.log == ["check A", "load A", "check B replacing A"])
        lease.release()
        #expect(try await swap.value == "engine of B")
        #expect(loader.log == ["check A", "load A", "check B replacing A", "unload engine of A", "load B"])
    }

    @Test func `cancelling a waiting task leaves the queue at once`() async throws {
        let lease = try await manager.acquire(.model("A"))
        let swap = Task { try await manager.acquire(.model("B")) }
        await eventually { manager.status.queuedTurns == 1 }
        swap.cancel()
        #expect(manager.status.queuedTurns == 0)
        #expect(manager.status.resident?.state == .ready)
        await #expect(throws: ResidencyError<String>.self) { try await swap.value }
        lease.release()
    }

    @Test func `a task that was cancelled before it asked is refused`() async throws {
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            _ = try await manager.acquire(.model("A"))
        }
        task.cancel()
        await #expect(throws: ResidencyError<String>.self) { try await task.value }
        #expect(manager.status.queuedTurns == 0)
        #expect(loader.log == [])
    }

    @Test func `cancelling the last waiter of a load gives the load up`() async throws {
        loader.script.withLock { _ = $0.held.insert("A") }
        let turn = Task { try await manager.acquire(.model("A")) }
        await eventually { manager.status.resident?.loadProgress == 0.5 }
        #expect(manager.status.resident?.state == .loading)
        turn.cancel()
        await #expect(throws: ResidencyError<String>.self) { try await turn.value }
        await eventually { manager.status.resident == nil }
        #expect(loader.log == ["check A", "load A", "gave up A"])
        #expect(events.lines.withLock { $0 } == ["loading A", "abandoned A"])
        #expect(try await manager.withLease(.model("A")) { $0.loaded } == "engine of A")
    }

    @Test func `a check that fails names the model and leaves the resident one`() async throws {
        loader.script.withLock { _ = $0.brokenOnCheck.insert("B") }
        try await manager.withLease(.model("A")) { _ in }
        let error = await #expect(throws: ResidencyError<String>.self) {
            try await manager.acquire(.model("B"))
        }
        #expect(error?.description == "model 'B' cannot be loaded: bad")
        #expect(manager.status.resident?.model == "A")
    }

    @Test func `a load that fails leaves an empty slot that works`() async throws {
        loader.script.withLock { _ = $0.brokenOnLoad.insert("A") }
        await #expect(throws: ResidencyError<String>.self) { try await manager.acquire(.model("A")) }
        #expect(manager.status.resident == nil)
        #expect(try await manager.withLease(.model("B")) { $0.loaded } == "engine of B")
    }

    @Test func `the reaper comes when the window has passed`() async throws {
        try await manager.withLease(.model("A")) { $0.adopt(.after(.seconds(60))) }
        await eventually { clock.nextDue?.offset == .seconds(60) }
        clock.advance(by: .seconds(59))
        #expect(manager.status.resident?.idleRemaining == .seconds(1))
        // A turn in between puts it off.
        try await manager.withLease(.model("A")) { _ in }
        await eventually { clock.nextDue?.offset == .seconds(119) }
        clock.advance(by: .seconds(60))
        await eventually { manager.status.resident == nil }
        #expect(loader.log.last == "unload engine of A")
    }

    @Test func `zero unloads as the turn ends, and a pin stays`() async throws {
        try await manager.withLease(.model("A")) { $0.adopt(.forever) }
        #expect(clock.nextDue == nil)
        try await manager.withLease(.model("A")) { $0.adopt(.zero) }
        await eventually { manager.status.resident == nil }
    }

    @Test func `unload takes an idle model at once`() async throws {
        try await manager.withLease(.model("A")) { $0.adopt(.forever) }
        manager.unload(.model("A"))
        await eventually { manager.status.resident == nil }
    }

    @Test func `a shutdown waits for the turn, then for the memory`() async throws {
        let lease = try await manager.acquire(.model("A"))
        lease.adopt(.forever)
        let shutdown = Task { await manager.shutDown(grace: .seconds(30)) }
        await eventually { manager.status.isShuttingDown }
        await #expect(throws: ResidencyError<String>.self) { try await manager.acquire(.model("A")) }
        lease.release()
        await shutdown.value
        #expect(loader.log.last == "unload engine of A")
        await manager.shutDown(grace: .zero)
    }

    @Test func `a shutdown cuts the turn when the grace is over`() async throws {
        let lease = try await manager.acquire(.model("A"))
        lease.onCut { lease.release() }
        let shutdown = Task { await manager.shutDown(grace: .seconds(30)) }
        await eventually { clock.nextDue?.offset == .seconds(30) }
        #expect(!lease.isCut)
        clock.advance(by: .seconds(30))
        await shutdown.value
        #expect(manager.status.resident == nil)
    }

    @Test func `a turn that hears late of its end is told at once`() async throws {
        let lease = try await manager.acquire(.model("A"))
        let shutdown = Task { await manager.shutDown(grace: .zero) }
        await eventually { lease.isCut }
        lease.onCut { lease.release() }
        await shutdown.value
    }

    @Test func `the catalog can be replaced while turns run`() async throws {
        try await manager.withLease(.model("A")) { _ in }
        manager.changeCatalog(.init(models: ["B"]))
        #expect(try await manager.withLease(.resident) { $0.admission.model } == "A")
        #expect(try await manager.withLease(.model("B")) { $0.admission.model } == "B")
    }

    /// Two locks taken in opposite orders would stop everything here: the manager's, and the one that a task holds while its
    /// cancellation handler runs.
    @Test func `a turn that is cancelled in the very moment it is granted stops nobody`() async throws {
        for _ in 0..<2_000 {
            let first = Task { try await manager.withLease(.model("A")) { _ in } }
            let second = Task { try await manager.withLease(.model("B")) { $0.adopt(.zero) } }
            let third = Task { try await manager.withLease(.resident) { _ in } }
            await Task.yield()
            first.cancel()
            third.cancel()
            _ = await (first.result, second.result, third.result)
        }
        #expect(manager.status.queuedTurns == 0)
    }

    @Test func `when an unload is told, nobody holds the model any more`() async throws {
        let loader = CountingLoader()
        let isHeld = Mutex<Bool?>(nil)
        let manager = ResidencyManager(
            loader: loader, clock: clock, configuration: ResidencyConfiguration(), servable: .init(models: ["A"])
        ) { event in
            if case .unloaded = event { isHeld.withLock { $0 = loader.isHeld } }
        }
        try await manager.withLease(.model("A")) { lease in
            lease.adopt(.zero)
            #expect(loader.isHeld)
        }
        await eventually { manager.status.resident == nil }
        #expect(isHeld.withLock { $0 } == false)
    }
}

/// Knows whether the model that it loaded is still there.
private final class CountingLoader: ModelLoader {
    final class Loaded: Sendable {}

    private struct State {
        weak var loaded: Loaded?
    }

    private let state = Mutex(State())
    var isHeld: Bool { state.withLock { $0.loaded != nil } }

    func check(_ model: String, replacing: String?) async throws {}

    func load(_ model: String, progress: @escaping @Sendable (Double) -> Void) async throws -> Loaded {
        let loaded = Loaded()
        state.withLock { $0.loaded = loaded }
        return loaded
    }

    func unload(_ loaded: Loaded, of model: String) async {}
}
