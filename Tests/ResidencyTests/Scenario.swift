@testable import Residency

/// A point on a clock that only tests move.
struct TestInstant: InstantProtocol {
    var offset: Duration
    func advanced(by duration: Duration) -> TestInstant { TestInstant(offset: offset + duration) }
    func duration(to other: TestInstant) -> Duration { other.offset - offset }
    static func < (left: TestInstant, right: TestInstant) -> Bool { left.offset < right.offset }
}

struct SampleError: Error, CustomStringConvertible {
    var description: String
}

/// A state machine with a clock that only the test moves; effects come back as short lines.
struct Scenario {
    var machine: ResidencyStateMachine<String, TestInstant>
    var now = TestInstant(offset: .zero)
    /// What whoever watches the slot was told, save that a drain begins, which the effects have.
    var told: [ResidencyEvent<String>] = []

    init(
        models: [String] = ["A", "B", "C"], preferred: String? = nil,
        _ configuration: ResidencyConfiguration = ResidencyConfiguration()
    ) {
        machine = .init(configuration: configuration, servable: .init(models: models, preferred: preferred))
    }

    /// A scenario in which A is resident and turn 1 runs on it, with a policy of its own if there is one.
    static func running(
        _ configuration: ResidencyConfiguration = ResidencyConfiguration(), keepAlive: KeepAlive? = nil
    ) -> Scenario {
        var slot = Scenario(configuration)
        _ = slot.request(1, "A")
        _ = slot.checked("A")
        _ = slot.loaded("A")
        if let keepAlive { _ = slot.accept(1, keepAlive) }
        return slot
    }

    /// A scenario in which A is resident and idle since time zero.
    static func idle(
        _ configuration: ResidencyConfiguration = ResidencyConfiguration(), keepAlive: KeepAlive? = nil
    ) -> Scenario {
        var slot = running(configuration, keepAlive: keepAlive)
        _ = slot.end(1)
        return slot
    }

    /// `nil` asks for an unknown name.
    mutating func request(_ number: UInt64, _ model: String?) -> [String] {
        let wanted: WantedModel<String> = model.map { .model($0) } ?? .resident
        return lines(machine.request(Ticket(number: number), wants: wanted, now: now))
    }

    /// The model takes what the turn brings, and with it the turn's policy.
    mutating func accept(_ number: UInt64, _ keepAlive: KeepAlive) -> [String] {
        lines(machine.accepted(Ticket(number: number), keepAlive: keepAlive, now: now))
    }

    mutating func end(_ number: UInt64) -> [String] {
        lines(machine.turnEnded(Ticket(number: number), now: now))
    }

    mutating func cancel(_ number: UInt64) -> [String] {
        lines(machine.cancel(Ticket(number: number), now: now))
    }

    mutating func checked(_ model: String, failure: String? = nil) -> [String] {
        lines(machine.checkFinished(model, failure: failure.map(SampleError.init), now: now))
    }

    mutating func loaded(_ model: String) -> [String] {
        lines(machine.loadFinished(model, now: now))
    }

    mutating func loadFailed(_ model: String, _ failure: String = "broken") -> [String] {
        lines(machine.loadFailed(model, failure: SampleError(description: failure), now: now))
    }

    mutating func unloaded(_ model: String) -> [String] {
        lines(machine.unloadFinished(model, now: now))
    }

    mutating func unload(_ model: String?) -> [String] {
        lines(machine.unloadRequested(model.map { .model($0) } ?? .resident, now: now))
    }

    mutating func catalog(_ models: [String], preferred: String? = nil) -> [String] {
        lines(machine.catalogChanged(.init(models: models, preferred: preferred), now: now))
    }

    mutating func shutDown(grace: Duration) -> [String] {
        lines(machine.shutDown(grace: grace, now: now))
    }

    /// Moves the clock and ticks, as the manager's timer does.
    mutating func wait(_ duration: Duration) -> [String] {
        now = now.advanced(by: duration)
        return lines(machine.tick(now: now))
    }

    var status: ResidencyStatus<String> { machine.status(now: now) }

    private mutating func lines(_ effects: [ResidencyEffect<String>]) -> [String] {
        effects.compactMap { effect in
            guard case .tell(let event) = effect else { return effect.description }
            if case .draining(let model, let next, let turns) = event {
                return "drain \(turns) of \(model) for \(next)"
            }
            told.append(event)
            return nil
        }
    }
}
