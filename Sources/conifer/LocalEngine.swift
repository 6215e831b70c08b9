internal import Catalog
internal import Dispatch
public import Inference
public import Server
internal import Synchronization

/// The engine of `conifer serve`: models run in this process.
struct LocalEngine: ModelEngine {
    let options: LoadOptions

    func check(_ reference: ModelReference, reclaimable: UInt64) async throws -> ModelInformation {
        try await offPool { try plan(reference, reclaimable: reclaimable).information }
    }

    func load(
        _ reference: ModelReference, progress: @escaping @Sendable (Double) -> Void
    ) async throws -> LanguageModel {
        let model: LanguageModel
        do {
            model = try await interruptiblyOffPool { isCancelled in
                try LanguageModel(plan(reference, reclaimable: 0), isCancelled: isCancelled, progress: progress)
            }
        } catch InferenceError.stopped {
            throw CancellationError()
        }
        guard Task.isCancelled else { return model }
        // Nobody waits for it any more.
        await model.unload()
        throw CancellationError()
    }

    private func plan(_ reference: ModelReference, reclaimable: UInt64) throws -> LoadPlan {
        try LoadPlan(reference.open(), name: reference.name, options: options, reclaimable: reclaimable)
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
