extension ResidencyStateMachine {
    /// A turn asks for a lease. It is answered by exactly one `grant` or `refuse`, in this call or in a later one.
    mutating func request(_ ticket: Ticket, wants wanted: WantedModel<Model>, now: Instant) -> [Effect] {
        guard shutdown == .no else { return [.refuse(ticket, .shuttingDown)] }
        let waiter = Waiter(ticket: ticket, wanted: wanted, arrived: now)
        var effects: [Effect] = []
        if case .resident(var resident) = slot, mayJoin(waiter, resident, now: now) {
            guard resident.leases.count < configuration.parallel || waiting < configuration.maxQueue else {
                return [.refuse(ticket, .queueFull(limit: configuration.maxQueue))]
            }
            resident.joined.append((waiter, waitedForLoad: false))
            slot = .resident(resident)
        } else {
            guard waiting < configuration.maxQueue else {
                return [.refuse(ticket, .queueFull(limit: configuration.maxQueue))]
            }
            queue.append(waiter)
        }
        pump(now: now, into: &effects)
        return effects
    }

    /// Whether a turn that has just come may join the resident model at once.
    private func mayJoin(_ waiter: Waiter, _ resident: Resident, now: Instant) -> Bool {
        guard let oldest = queue.first else {
            return waiter.wanted == .resident || waiter.wanted == .model(resident.model)
        }
        // A swap waits. An unknown name never delays one; its own model may still linger.
        return waiter.wanted == .model(resident.model)
            && now < oldest.arrived.advanced(by: configuration.linger)
    }

    /// The model has accepted what a turn with a lease brings: its request will not be refused any more, and its policy
    /// counts, from the moment of the lease, so that a later lease's policy stays, whichever was accepted first.
    /// Without effect on a turn that has ended: another model may be resident by now.
    mutating func accepted(_ ticket: Ticket, keepAlive: KeepAlive, now: Instant) -> [Effect] {
        guard case .resident(var resident) = slot, let holder = resident.leases[ticket],
            holder.order >= resident.policy.order
        else { return [] }
        resident.policy = Policy(keepAlive: keepAlive, source: .request, order: holder.order)
        slot = .resident(resident)
        var effects: [Effect] = []
        pump(now: now, into: &effects)
        return effects
    }

    /// A turn that had its lease has ended, however it ended.
    mutating func turnEnded(_ ticket: Ticket, now: Instant) -> [Effect] {
        guard case .resident(var resident) = slot, resident.leases.removeValue(forKey: ticket) != nil else {
            preconditionFailure("turn \(ticket) ended without a lease: a lease was released twice")
        }
        if resident.isIdle { resident.idleSince = now }
        slot = .resident(resident)
        var effects: [Effect] = []
        pump(now: now, into: &effects)
        return effects
    }

    /// The client of a waiting turn is gone. Without effect on a turn that has been answered already.
    mutating func cancel(_ ticket: Ticket, now: Instant) -> [Effect] {
        var effects: [Effect] = []
        if let index = queue.firstIndex(where: { $0.ticket == ticket }) {
            queue.remove(at: index)
            effects.append(.refuse(ticket, .cancelled))
        } else if case .resident(var resident) = slot,
            let index = resident.joined.firstIndex(where: { $0.waiter.ticket == ticket })
        {
            resident.joined.remove(at: index)
            slot = .resident(resident)
            effects.append(.refuse(ticket, .cancelled))
        }
        pump(now: now, into: &effects)
        return effects
    }

    /// A request asks to let a model go: at once if it is idle, else when its last turn ends, unless a turn
    /// whose lease is later sets another policy. Without effect on a model that is not resident.
    mutating func unloadRequested(_ wanted: WantedModel<Model>, now: Instant) -> [Effect] {
        switch slot {
        case .resident(var resident) where wanted == .resident || wanted == .model(resident.model):
            resident.lastOrder += 1
            resident.policy = Policy(keepAlive: .zero, source: .request, order: resident.lastOrder)
            slot = .resident(resident)
        case .loading(var loading) where wanted == .resident || wanted == .model(loading.model):
            loading.keepAlive = .zero
            slot = .loading(loading)
        default:
            break
        }
        var effects: [Effect] = []
        pump(now: now, into: &effects)
        return effects
    }
}
