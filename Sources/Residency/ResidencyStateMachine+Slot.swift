extension ResidencyStateMachine {
    /// The check of a model is over; `failure` says what is wrong with it.
    mutating func checkFinished(_ model: Model, failure: (any Error)?, now: Instant) -> [Effect] {
        precondition(check == .running(model), "a check of \(model) ended that was not asked for")
        check = failure == nil ? .passed(model) : .none
        var effects: [Effect] = []
        if let failure {
            refuseWaiters(for: model, .checkFailed(model, failure), into: &effects)
        }
        pump(now: now, into: &effects)
        return effects
    }

    /// How far the load is, 0…1; a late report is dropped.
    mutating func loadProgress(_ model: Model, _ progress: Double) {
        guard case .loading(var loading) = slot, loading.model == model else { return }
        loading.progress = min(1, max(loading.progress, progress))
        slot = .loading(loading)
    }

    /// The model is ready. Every turn that is queued for it gets its lease in this very call, so that nothing can
    /// take the model from under them.
    mutating func loadFinished(_ model: Model, now: Instant) -> [Effect] {
        guard case .loading(let loading) = slot, loading.model == model else {
            preconditionFailure("a load of \(model) ended that was not asked for")
        }
        check = .none
        lastResident = model
        var resident = Resident(model: model, policy: policy(of: loading), idleSince: now)
        for waiter in takeWaiters(for: model) {
            resident.joined.append((waiter, waitedForLoad: true))
        }
        var effects: [Effect] = []
        if let swap = swap.take(), swap.from != model {
            effects.append(.tell(.swapped(from: swap.from, to: model, after: swap.began.duration(to: now))))
        }
        if loading.isCancelled && resident.joined.isEmpty {
            unload(resident, .abandoned, into: &effects)
        } else {
            slot = .resident(resident)
        }
        pump(now: now, into: &effects)
        return effects
    }

    /// The load failed, or was given up. The slot is empty.
    mutating func loadFailed(_ model: Model, failure: any Error, now: Instant) -> [Effect] {
        guard case .loading(let loading) = slot, loading.model == model else {
            preconditionFailure("a load of \(model) failed that was not asked for")
        }
        check = .none
        swap = nil
        slot = .empty
        var effects: [Effect] = []
        // Who came after the load was given up is not to blame with it: the model is loaded anew for them.
        if !loading.isCancelled {
            refuseWaiters(for: model, .loadFailed(model, failure), into: &effects)
        }
        pump(now: now, into: &effects)
        return effects
    }

    /// The memory of the model is back.
    mutating func unloadFinished(_ model: Model, now: Instant) -> [Effect] {
        guard case .unloading(model, _) = slot else {
            preconditionFailure("an unload of \(model) ended that was not asked for")
        }
        slot = .empty
        var effects: [Effect] = []
        pump(now: now, into: &effects)
        return effects
    }

    /// The catalog has been read again. What is resident or loading stays, whether or not it is still listed; a turn
    /// that waits for an entry that is gone has become one with an unknown name.
    mutating func catalogChanged(_ servable: ServableModels<Model>, now: Instant) -> [Effect] {
        self.servable = servable
        var present = Set(servable.models)
        switch slot {
        case .loading(let loading): present.insert(loading.model)
        case .resident(let resident): present.insert(resident.model)
        case .empty, .unloading: break
        }
        for index in queue.indices {
            if case .model(let model) = queue[index].wanted, !present.contains(model) {
                queue[index].wanted = .resident
            }
        }
        var effects: [Effect] = []
        pump(now: now, into: &effects)
        return effects
    }

    /// Time has passed: the reaper's look, and the end of a shutdown's grace.
    mutating func tick(now: Instant) -> [Effect] {
        var effects: [Effect] = []
        pump(now: now, into: &effects)
        return effects
    }

    /// Takes no more turns; those that are here may finish until the grace is over.
    mutating func shutDown(grace: Duration, now: Instant) -> [Effect] {
        guard shutdown == .no else { return [] }
        shutdown = .grace(now.advanced(by: grace))
        var effects: [Effect] = []
        pump(now: now, into: &effects)
        return effects
    }
}
