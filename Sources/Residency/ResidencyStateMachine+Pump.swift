// The rules. Every event ends here; what each step finds depends on nothing but the state.

extension ResidencyStateMachine {
    /// Brings the slot as far as it can go without waiting for anything.
    mutating func pump(now: Instant, into effects: inout [Effect]) {
        cutIfGraceIsOver(now: now, into: &effects)
        switch slot {
        case .empty:
            startLoad(into: &effects)
        case .loading:
            abandonLoad(into: &effects)
        case .resident(var resident):
            admitHead(to: &resident)
            grant(to: &resident, now: now, into: &effects)
            slot = .resident(resident)
            letGo(resident, now: now, into: &effects)
        case .unloading:
            break
        }
        if case .empty = slot, queue.isEmpty, shutdown != .no, shutdown != .complete {
            shutdown = .complete
            effects.append(.stopped)
        }
    }

    // MARK: Empty slot

    private mutating func startLoad(into effects: inout [Effect]) {
        // An unknown name never delays a load: whoever named a model goes first, and its model answers both.
        guard let target = firstNamed ?? (queue.isEmpty ? nil : defaultModel) else {
            effects += queue.map { .refuse($0.ticket, .emptyCatalog) }
            queue = []
            swap = nil
            forgetCheck()
            return
        }
        guard hasPassedCheck(target, replacing: nil, into: &effects) else { return }
        slot = .loading(Loading(model: target))
        effects.append(.load(target))
    }

    private var firstNamed: Model? {
        for waiter in queue {
            if case .model(let model) = waiter.wanted { return model }
        }
        return nil
    }

    /// Whether the model may be loaded; asks for a check where none has been made.
    private mutating func hasPassedCheck(_ target: Model, replacing: Model?, into effects: inout [Effect]) -> Bool {
        switch check {
        case .passed(target): return true
        case .running: return false
        case .none, .passed:
            check = .running(target)
            effects.append(.check(target, replacing: replacing))
            return false
        }
    }

    /// Nobody wants what was checked any more; by the time somebody does, the file may be another.
    private mutating func forgetCheck() {
        if case .passed = check { check = .none }
    }

    // MARK: Loading

    private mutating func abandonLoad(into effects: inout [Effect]) {
        guard case .loading(var loading) = slot, !loading.isCancelled else { return }
        guard !isAwaited(loading.model) else { return }
        loading.isCancelled = true
        slot = .loading(loading)
        effects.append(.cancelLoad(loading.model))
    }

    private func isAwaited(_ model: Model) -> Bool {
        // An unknown name at the head will be answered by it, too.
        queue.first?.wanted == .resident || queue.contains { $0.wanted == .model(model) }
    }

    /// Takes out of the queue, in its order, every turn for the model and the unknown names whose place has come.
    mutating func takeWaiters(for model: Model) -> [Waiter] {
        var taken: [Waiter] = []
        var rest: [Waiter] = []
        for waiter in queue {
            if waiter.wanted == .model(model) || waiter.wanted == .resident && rest.isEmpty {
                taken.append(waiter)
            } else {
                rest.append(waiter)
            }
        }
        queue = rest
        return taken
    }

    /// Refuses every turn for a model that cannot be had; unknown names only if it was for them that it was tried.
    mutating func refuseWaiters(for model: Model, _ error: ResidencyError<Model>, into effects: inout [Effect]) {
        var refused: [Waiter] = []
        if queue.contains(where: { $0.wanted == .model(model) }) {
            (refused, queue) = queue.partitioned { $0.wanted == .model(model) }
        } else if case .empty = slot {
            let head = queue.prefix { $0.wanted == .resident }
            refused = Array(head)
            queue.removeFirst(head.count)
        }
        effects += refused.map { .refuse($0.ticket, error) }
    }

    // MARK: Resident

    /// The head of the queue may have come to want what is resident: the turn before it has left.
    private mutating func admitHead(to resident: inout Resident) {
        while let head = queue.first, head.wanted == .resident || head.wanted == .model(resident.model) {
            resident.joined.append((queue.removeFirst(), waitedForLoad: false))
        }
    }

    /// Gives leases while there are places. A turn sets no policy before its model has accepted what it brings.
    private func grant(to resident: inout Resident, now: Instant, into effects: inout [Effect]) {
        while !resident.joined.isEmpty, resident.leases.count < configuration.parallel {
            let (waiter, waitedForLoad) = resident.joined.removeFirst()
            resident.lastOrder += 1
            resident.leases[waiter.ticket] = Holder(since: now, order: resident.lastOrder)
            effects.append(
                .grant(
                    Admission(
                        ticket: waiter.ticket, model: resident.model, waitedForLoad: waitedForLoad,
                        isFallback: waiter.wanted == .resident, queued: waiter.arrived.duration(to: now))))
        }
    }

    /// Lets the resident model go where a rule says so: never while a turn holds it.
    private mutating func letGo(_ resident: Resident, now: Instant, into effects: inout [Effect]) {
        var resident = resident
        if resident.isIdle, let deadline = resident.deadline, deadline <= now {
            endDrain(of: &resident, now: now, into: &effects)
            let isRequested = resident.policy.keepAlive == .zero
            return unload(resident, isRequested ? .requested : .idle, into: &effects)
        }
        guard case .model(let next)? = queue.first?.wanted else {
            forgetCheck()
            giveUpDrain(of: &resident, now: now, into: &effects)
            if shutdown != .no && resident.isIdle { unload(resident, .shutdown, into: &effects) }
            return
        }
        if let drain = resident.drain, drain.next != next { giveUpDrain(of: &resident, now: now, into: &effects) }
        guard hasPassedCheck(next, replacing: resident.model, into: &effects) else { return }
        if resident.isIdle {
            swap = Swap(from: resident.model, began: resident.drain?.began ?? now)
            endDrain(of: &resident, now: now, into: &effects)
            unload(resident, .swap(to: next), into: &effects)
        } else {
            drain(resident, for: next, now: now, into: &effects)
        }
    }

    /// A swap waits for turns: says so once, then whenever the wait has doubled.
    private mutating func drain(_ resident: Resident, for next: Model, now: Instant, into effects: inout [Effect]) {
        var resident = resident
        let turns = resident.leases.count + resident.joined.count
        if let drain = resident.drain {
            guard drain.reminder <= now, let oldest = resident.leases.min(by: { $0.key.number < $1.key.number }) else {
                return
            }
            let waited = drain.began.duration(to: now)
            resident.drain?.reminder = now.advanced(by: max(waited, configuration.watchdog))
            let delay = SwapDelay(
                model: resident.model, next: next, waited: waited, turns: turns, oldestTurn: oldest.key,
                running: oldest.value.since.duration(to: now))
            effects.append(.tell(.swapWaits(delay)))
        } else {
            resident.drain = Drain(next: next, began: now, reminder: now.advanced(by: configuration.watchdog))
            effects.append(.tell(.draining(resident.model, for: next, turns: turns)))
        }
        slot = .resident(resident)
    }

    /// The turns that a swap waited for have ended.
    private func endDrain(of resident: inout Resident, now: Instant, into effects: inout [Effect]) {
        guard let drain = resident.drain.take() else { return }
        let waited = drain.began.duration(to: now)
        effects.append(.tell(.drained(resident.model, for: drain.next, after: waited)))
    }

    /// Nobody waits any more for the model that the drain was for.
    private mutating func giveUpDrain(of resident: inout Resident, now: Instant, into effects: inout [Effect]) {
        guard let drain = resident.drain.take() else { return }
        slot = .resident(resident)
        let waited = drain.began.duration(to: now)
        effects.append(.tell(.drainAbandoned(resident.model, for: drain.next, after: waited)))
    }

    mutating func unload(_ resident: Resident, _ reason: UnloadReason<Model>, into effects: inout [Effect]) {
        slot = .unloading(resident.model, resident.policy)
        effects.append(.unload(resident.model, reason))
    }

    // MARK: Shutdown

    private mutating func cutIfGraceIsOver(now: Instant, into effects: inout [Effect]) {
        guard case .grace(let end) = shutdown, end <= now else { return }
        shutdown = .cut
        effects += queue.map { .refuse($0.ticket, .shuttingDown) }
        queue = []
        guard case .resident(var resident) = slot else { return }
        effects += resident.joined.map { .refuse($0.waiter.ticket, .shuttingDown) }
        resident.joined = []
        effects += resident.leases.keys.sorted { $0.number < $1.number }.map { .cut($0) }
        slot = .resident(resident)
    }
}

extension Array {
    /// The elements that satisfy the condition and those that do not, each in their order.
    fileprivate func partitioned(by condition: (Element) -> Bool) -> (matching: [Element], others: [Element]) {
        var matching: [Element] = []
        var others: [Element] = []
        for element in self {
            if condition(element) { matching.append(element) } else { others.append(element) }
        }
        return (matching, others)
    }
}
