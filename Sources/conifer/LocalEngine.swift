internal import Catalog
internal import Dispatch
public import Inference
public import Server
internal import Synchronization

/// The engine of `conifer serve`: models run in this process.
struct LocalEngine: ModelEngine {
    let options: LoadOptions
    private let checked = CheckedPlan()

    init(options: LoadOptions) { self.options = options }

    func check(_ reference: ModelReference, reclaimable: UInt64) async throws -> ModelInformation {
        let plan = try await offPool {
            let plan = try LoadPlan(
                reference.open(), name: reference.name, options: options, reclaimable: reclaimable)
            // Most checks are followed by a load: what it needs of the header is made while the resident model goes.
            plan.begin()
            return plan
        }
        checked.keep(plan, of: reference)
        return plan.information
    }

    func load(
        _ reference: ModelReference, progress: @escaping @Sendable (Double) -> Void
    ) async throws -> LanguageModel {
        let model: LanguageModel
        do {
            model = try await interruptiblyOffPool { isCancelled in
                try LanguageModel(plan(reference), isCancelled: isCancelled, progress: progress)
            }
        } catch InferenceError.stopped {
            throw CancellationError()
        }
        guard Task.isCancelled else { return model }
        // Nobody waits for it any more.
        await model.unload()
        throw CancellationError()
    }

    private func plan(_ reference: ModelReference) throws -> LoadPlan {
        if let plan = checked.take(reference) { return try plan.fitted() }
        return try LoadPlan(reference.open(), name: reference.name, options: options)
    }
}

/// What the last check found, for the load that mostly follows at once: the file need not be opened and read again.
///
/// It is kept for some seconds only. A load that comes later, after long turns, looks at the file as it is then.
private final class CheckedPlan: Sendable {
    private static let lifetime = Duration.seconds(5)

    private struct State {
        var kept: (reference: ModelReference, plan: LoadPlan)?
        var lastNumber = 0
    }

    private let state = Mutex(State())

    func keep(_ plan: LoadPlan, of reference: ModelReference) {
        let number = state.withLock { state in
            state.lastNumber += 1
            state.kept = (reference, plan)
            return state.lastNumber
        }
        Task { [weak self] in
            try await Task.sleep(for: Self.lifetime)
            self?.forget(number)
        }
    }

    /// The plan of this model, once.
    func take(_ reference: ModelReference) -> LoadPlan? {
        state.withLock { state in
            defer { state.kept = nil }
            return state.kept.flatMap { $0.reference == reference ? $0.plan : nil }
        }
    }

    private func forget(_ number: Int) {
        state.withLock { state in
            if state.lastNumber == number { state.kept = nil }
        }
    }
}

/// Runs what reads files or computes on a thread where it blocks nobody else.
func offPool<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        DispatchQueue.global().async {
            continuation.resume(with: Result { try body() })
        }
    }
}

/// Runs what can be interrupted in the same way: `isCancelled` says whether the task has been cancelled meanwhile.
private func interruptiblyOffPool<Value: Sendable>(
    _ body: @escaping @Sendable (_ isCancelled: @escaping @Sendable () -> Bool) throws -> Value
) async throws -> Value {
    let cancellation = TaskCancellation()
    return try await withTaskCancellationHandler {
        try await offPool { try body { cancellation.flag.load(ordering: .relaxed) } }
    } onCancel: {
        cancellation.flag.store(true, ordering: .relaxed)
    }
}

/// Carries a task's cancellation to a thread that is none of its own.
private final class TaskCancellation: Sendable {
    let flag = Atomic(false)
}

extension LanguageModel: ServedModel {}
