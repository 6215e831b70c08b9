extension ResidencyManager {
    /// Carries one effect out. Runs under the lock: starts things, never waits for one.
    func perform(_ effect: ResidencyEffect<Model>, _ state: inout State) {
        switch effect {
        case .check(let model, let replacing):
            startCheck(of: model, replacing: replacing)
        case .load(let model):
            observe(.loadStarted(model))
            state.loading = startLoad(of: model)
        case .cancelLoad:
            // Cancellation handlers of the loader run inside `cancel()`: not under the lock.
            if let loading = state.loading { state.afterwards.append { loading.cancel() } }
        case .tell(let event):
            observe(event)
        case .unload(let model, let reason):
            guard let loaded = state.loaded.take() else {
                preconditionFailure("\(model) is to be unloaded but nothing is loaded")
            }
            startUnload(of: model, loaded, reason)
        case .grant(let admission):
            grant(admission, &state)
        case .refuse(let ticket, let error):
            if let waiter = state.waiters.removeValue(forKey: ticket) {
                state.afterwards.append { waiter.resume(throwing: error) }
            }
        case .cut(let ticket):
            // The handler may release the lease, as may the end of this reference to it; either takes the lock.
            if let lease = state.leases[ticket]?.lease { state.afterwards.append { lease.cut() } }
        case .stopped:
            state.isStopped = true
            state.afterwards += state.shutdownWaiters.map { waiter in { waiter.resume() } }
            state.shutdownWaiters = []
        }
    }

    private func grant(_ admission: Admission<Model>, _ state: inout State) {
        guard let loaded = state.loaded, let waiter = state.waiters.removeValue(forKey: admission.ticket) else {
            preconditionFailure("turn \(admission.ticket) got a lease twice, or on a model that is not loaded")
        }
        let lease = Hold(admission: admission, loaded: loaded) { [self] keepAlive in
            apply { state, now in state.machine.accepted(admission.ticket, keepAlive: keepAlive, now: now) }
        } onRelease: { [self] in
            apply { state, now in
                state.leases[admission.ticket] = nil
                return state.machine.turnEnded(admission.ticket, now: now)
            }
        }
        state.leases[admission.ticket] = WeakLease(lease: lease)
        observe(.admitted(admission))
        state.afterwards.append { waiter.resume(returning: lease) }
    }

    private func startCheck(of model: Model, replacing: Model?) {
        Task {
            var failure: (any Error)?
            do { try await loader.check(model, replacing: replacing) } catch { failure = error }
            apply { state, now in
                if let failure { observe(.checkFailed(model, failure)) }
                return state.machine.checkFinished(model, failure: failure, now: now)
            }
        }
    }

    private func startLoad(of model: Model) -> Task<Void, Never> {
        Task {
            let start = clock.now
            do {
                let loaded = try await loader.load(model) { [self] progress in
                    apply { state, _ in
                        state.machine.loadProgress(model, progress)
                        return []
                    }
                }
                apply { state, now in
                    state.loading = nil
                    state.loaded = loaded
                    observe(.loaded(model, after: start.duration(to: now)))
                    return state.machine.loadFinished(model, now: now)
                }
            } catch {
                let isAbandoned = Task.isCancelled
                apply { state, now in
                    state.loading = nil
                    let duration = start.duration(to: now)
                    observe(
                        isAbandoned
                            ? .loadAbandoned(model, after: duration) : .loadFailed(model, error, after: duration))
                    return state.machine.loadFailed(model, failure: error, now: now)
                }
            }
        }
    }

    private func startUnload(of model: Model, _ loaded: Loader.Loaded, _ reason: UnloadReason<Model>) {
        let last = LastReference(loaded)
        Task {
            let start = clock.now
            if let loaded = last.value { await loader.unload(loaded, of: model) }
            // Some of a model goes with the last reference to it: mapped files, tables. Where another one is waiting, it
            // goes beside the other's load; else it is gone before anyone hears of the unload.
            if case .swap = reason { Task.detached { last.take() } } else { last.take() }
            apply { state, now in
                observe(.unloaded(model, reason, after: start.duration(to: now)))
                return state.machine.unloadFinished(model, now: now)
            }
        }
    }

    /// Sees to it that `tick` comes when the machine next needs it.
    func armTimer(_ state: inout State) {
        let due = state.machine.nextWake
        guard due != state.timer?.due else { return }
        state.timer?.task.cancel()
        state.timer = due.map { due in
            let task = Task { [weak self, clock] in
                do { try await clock.sleep(until: due, tolerance: .milliseconds(100)) } catch { return }
                self?.apply { state, now in
                    if state.timer?.due == due { state.timer = nil }
                    return state.machine.tick(now: now)
                }
            }
            return (due, task)
        }
    }
}
