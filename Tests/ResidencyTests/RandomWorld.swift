import TestModels

@testable import Residency

/// Plays the part of the world: clients, loader, clock. Keeps its own books and compares them after each event.
struct RandomWorld {
    var machine: ResidencyStateMachine<Int, TestInstant>
    var now = TestInstant(offset: .zero)
    var random: TestRandom
    var lastTicket: UInt64 = 0
    var waiting: Set<Ticket> = []
    var running: [Ticket: Int] = [:]
    /// Running turns that their model has not accepted yet.
    var unaccepted: [Ticket: KeepAlive] = [:]
    /// The last place in the order of leases and unload requests, and each running turn's own.
    var lastOrder = 0
    var orders: [Ticket: Int] = [:]
    /// What the resident model was told since its load, each with its place in that order; or the loading one.
    var policies: [(order: Int, keepAlive: KeepAlive)] = []
    var cut: Set<Ticket> = []
    /// What the machine has asked for and not been told the end of.
    var checking: Int?
    var loading: Int?
    var unloading: Int?
    var resident: Int?
    var passed: Set<Int> = []
    var events = 0
    var grants = 0
    var loads = 0
    var problem: String?

    init(seed: UInt64) {
        random = TestRandom(seed: seed)
        let configuration = ResidencyConfiguration(
            keepAlive: .after(.seconds(random.below(20))), maxQueue: 1 + random.below(12),
            parallel: random.below(2) == 0 ? .max : 1 + random.below(3), linger: .seconds(random.below(5)))
        machine = .init(configuration: configuration, servable: .init(models: [0, 1, 2]))
    }

    mutating func report(_ text: String) {
        if problem == nil { problem = "event \(events): \(text)" }
    }

    mutating func take(_ effects: [ResidencyEffect<Int>]) {
        events += 1
        for effect in effects { take(effect) }
        verify()
    }

    private mutating func take(_ effect: ResidencyEffect<Int>) {
        switch effect {
        case .check(let model, let replacing):
            if checking != nil { report("two checks at once") }
            if replacing != resident { report("a check that replaces what is not resident") }
            checking = model
        case .load(let model):
            if resident != nil || loading != nil || unloading != nil { report("a load into a slot in use") }
            if !passed.contains(model) { report("a load without a check") }
            passed = []
            loading = model
            policies = [(0, machine.configuration.keepAlive)]
            loads += 1
        case .cancelLoad(let model):
            if loading != model { report("a load given up that was not running") }
        case .tell(.draining(let model, _, let turns)):
            if resident != model || turns < 1 { report("a drain of nothing") }
        case .tell(.swapped(let from, let to, let duration)):
            if resident != to || from == to || duration < .zero { report("a swap that was none") }
        case .tell(.drained(let model, _, let duration)):
            if resident != model || !running.isEmpty || duration < .zero { report("drained with turns running") }
        case .tell(.swapWaits(let delay)):
            if resident != delay.model || running[delay.oldestTurn] == nil { report("a swap waits for nothing") }
        case .tell: break
        case .unload(let model, let reason):
            if resident != model { report("an unload of what is not resident") }
            if !running.isEmpty { report("an unload with a lease") }
            if case .swap(let next) = reason, !passed.contains(next) { report("a swap to an unchecked model") }
            resident = nil
            unloading = model
        case .grant(let admission):
            if waiting.remove(admission.ticket) == nil { report("\(admission.ticket) answered twice") }
            if resident != admission.model { report("a lease on a model that is not resident") }
            running[admission.ticket] = admission.model
            lastOrder += 1
            orders[admission.ticket] = lastOrder
            unaccepted[admission.ticket] = keepAlive()
            grants += 1
            if running.count > machine.configuration.parallel { report("too many turns at once") }
        case .refuse(let ticket, _):
            if waiting.remove(ticket) == nil { report("\(ticket) answered twice") }
        case .cut(let ticket):
            if running[ticket] == nil || !cut.insert(ticket).inserted { report("a cut of a turn that is not running") }
        case .stopped:
            if resident != nil || loading != nil || unloading != nil || !waiting.isEmpty || !running.isEmpty {
                report("stopped with something left")
            }
        }
    }

    /// What must hold after every event.
    private mutating func verify() {
        if machine.waiting != waiting.count { report("\(machine.waiting) wait, not \(waiting.count)") }
        if machine.waiting > machine.configuration.maxQueue { report("the queue is over its limit") }
        switch machine.slot {
        case .empty:
            if resident != nil || loading != nil || unloading != nil { report("an empty slot that is not") }
            if machine.check == .none, !machine.queue.isEmpty { report("turns wait for nothing") }
        case .loading(let slot):
            if loading != slot.model { report("a load that nobody runs") }
        case .unloading(let model, _):
            if unloading != model { report("an unload that nobody runs") }
        case .resident(let slot):
            if resident != slot.model { report("a resident model that is not there") }
            if slot.policy.keepAlive != policies.max(by: { $0.order < $1.order })?.keepAlive {
                report("the policy is not the last one")
            }
            if Set(slot.leases.keys) != Set(running.keys) { report("leases and running turns differ") }
            if !slot.joined.isEmpty, slot.leases.isEmpty { report("turns wait for a place that is free") }
            if let head = machine.queue.first {
                if head.wanted == .resident || head.wanted == .model(slot.model) { report("the head could run") }
                if machine.check == .none { report("a swap waits for nothing") }
                if slot.isIdle, case .passed = machine.check { report("a swap that is ready waits") }
            }
            if let deadline = slot.deadline, deadline <= now { report("the reaper is late") }
            if let drain = slot.drain {
                if drain.reminder <= now { report("the watchdog is late") }
                if machine.queue.first?.wanted != .model(drain.next) || slot.isIdle { report("a drain for nobody") }
            }
        }
    }

    mutating func step() {
        switch random.below(22) {
        case 20...21: accept()
        case 0...6: request()
        case 7...9: endTurn()
        case 10: cancel()
        case 11...12: endCheck(mayFail: true)
        case 13...14: endLoad(mayFail: true)
        case 15...16: endUnload()
        case 17:
            now = now.advanced(by: .milliseconds(random.below(4_000)))
            take(machine.tick(now: now))
        case 18:
            if random.below(8) == 0 { requestUnload() }
        default:
            if random.below(20) == 0 {
                let models = [0, 1, 2].filter { _ in random.below(4) > 0 }
                take(machine.catalogChanged(.init(models: models, preferred: random.below(5)), now: now))
            } else if let loading {
                machine.loadProgress(loading, Double(random.below(100)) / 100)
            }
        }
    }

    private mutating func wanted() -> WantedModel<Int> {
        let number = random.below(5)
        return number < 3 ? .model(number) : .resident
    }

    private mutating func request() {
        lastTicket += 1
        let ticket = Ticket(number: lastTicket)
        waiting.insert(ticket)
        take(machine.request(ticket, wants: wanted(), now: now))
    }

    private mutating func keepAlive() -> KeepAlive? {
        switch random.below(6) {
        case 0: .zero
        case 1: .forever
        case 2: .after(.seconds(random.below(10)))
        default: nil
        }
    }

    /// A turn is accepted, in any order; now and then one that is over, or has not begun.
    private mutating func accept() {
        let tickets = unaccepted.keys.sorted { $0.number < $1.number }
        guard !tickets.isEmpty, random.below(4) > 0 else {
            let ticket = Ticket(number: UInt64(random.below(Int(lastTicket) + 2)))
            if running[ticket] == nil { take(machine.accepted(ticket, keepAlive: .forever, now: now)) }
            return
        }
        let ticket = tickets[random.below(tickets.count)]
        guard let order = orders[ticket], let keepAlive = unaccepted.removeValue(forKey: ticket) else { return }
        policies.append((order, keepAlive))
        take(machine.accepted(ticket, keepAlive: keepAlive, now: now))
    }

    private mutating func requestUnload() {
        let wanted = wanted()
        lastOrder += 1
        let isMeant = (resident ?? loading).map { wanted == .resident || wanted == .model($0) } ?? false
        // What a model is to start with comes before every lease on it.
        if isMeant { policies = resident == nil ? [(0, .zero)] : policies + [(lastOrder, .zero)] }
        take(machine.unloadRequested(wanted, now: now))
    }

    private mutating func endTurn() {
        guard let ticket = running.keys.min(by: { $0.number < $1.number }) else { return }
        running[ticket] = nil
        unaccepted[ticket] = nil
        orders[ticket] = nil
        take(machine.turnEnded(ticket, now: now))
    }

    private mutating func cancel() {
        let ticket = Ticket(number: lastTicket - min(lastTicket, UInt64(random.below(6))))
        let wasWaiting = waiting.contains(ticket)
        take(machine.cancel(ticket, now: now))
        if wasWaiting && waiting.contains(ticket) { report("a turn that left still waits") }
    }

    private mutating func endCheck(mayFail: Bool) {
        guard let model = checking else { return }
        checking = nil
        let failure = mayFail && random.below(4) == 0 ? SampleError(description: "bad") : nil
        if failure == nil { passed.insert(model) }
        take(machine.checkFinished(model, failure: failure, now: now))
    }

    private mutating func endLoad(mayFail: Bool) {
        guard let model = loading else { return }
        loading = nil
        if mayFail && random.below(4) == 0 {
            take(machine.loadFailed(model, failure: SampleError(description: "broken"), now: now))
        } else {
            resident = model
            let waitedForIt = machine.queue.filter { $0.wanted == .model(model) }.count
            let before = waiting.count
            take(machine.loadFinished(model, now: now))
            let isUnbounded = machine.configuration.parallel == .max
            if isUnbounded, waiting.count > before - waitedForIt { report("a waiter of the load got no lease") }
        }
    }

    private mutating func endUnload() {
        guard let model = unloading else { return }
        unloading = nil
        take(machine.unloadFinished(model, now: now))
    }

    /// Nobody comes any more; loads and turns end. Everybody must have an answer within a bounded number of events.
    mutating func drain() {
        var rounds = 0
        while !waiting.isEmpty || !running.isEmpty {
            rounds += 1
            guard rounds < 1_000 else { return report("\(waiting) wait for ever") }
            endCheck(mayFail: false)
            endUnload()
            endLoad(mayFail: false)
            endTurn()
        }
    }

    /// Shuts down in the middle of things; everything must come to its end.
    mutating func shutDown() {
        for _ in 0..<100 { step() }
        take(machine.shutDown(grace: .seconds(random.below(3)), now: now))
        for _ in 0..<random.below(20) { step() }
        now = now.advanced(by: .seconds(10))
        take(machine.tick(now: now))
        if !waiting.isEmpty { report("turns wait after the grace") }
        if !cut.isSuperset(of: running.keys) { report("a running turn was not cut") }
        for _ in 0..<4 {
            while !running.isEmpty { endTurn() }
            endCheck(mayFail: true)
            endLoad(mayFail: true)
            endUnload()
        }
        if machine.shutdown != .complete { report("the shutdown does not end") }
    }
}
