internal import Catalog
internal import Dispatch
public import Inference
public import Server
internal import Tokenization

/// The engine of `conifer serve`: models run in this process.
struct LocalEngine: ModelEngine {
    let options: LoadOptions

    func check(_ reference: ModelReference, reclaimable: UInt64) async throws -> ModelInformation {
        try await offPool { try plan(reference, reclaimable: reclaimable).information }
    }

    func load(
        _ reference: ModelReference, progress: @escaping @Sendable (Double) -> Void
    ) async throws -> LanguageModel {
        let model = try await offPool { try LanguageModel(plan(reference, reclaimable: 0), progress: progress) }
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

extension LanguageModel: ServedModel {}
