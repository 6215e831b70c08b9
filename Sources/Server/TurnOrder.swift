import HTTPTypes
import Inference
import Residency

/// What a request asks for, once its body is read: after this nothing optional means "default".
struct TurnOrder: Sendable {
    var wanted: WantedModel<CatalogModel>
    /// nil sets no policy.
    var keepAlive: KeepAlive?
    /// What the model is to continue.
    var input: PromptInput
    /// One set of options for each answer that is wanted.
    var options: [GenerationOptions]
}

/// A turn that has its lease and whose prompt the model has accepted: all that can fail before the first token has not.
struct StartedTurn<Model: ServedModel>: Sendable {
    let lease: Lease<CatalogModel, Model>
    /// One stream for each answer.
    let streams: [GenerationStream]
    /// From the request to the lease.
    let waited: Duration
    let requested: ContinuousClock.Instant
    let meter: TurnMeter

    var modelName: String { lease.admission.model.name }

    /// Counts the turn and drops its lease. Further calls do nothing.
    func end(clientIsGone: Bool) {
        meter.end(lease.isCut ? .cut : clientIsGone ? .cancelled : .failed)
        lease.release()
    }
}

/// A turn on its way to its lease. Dropping this, or the answer that holds it, gives the turn up.
final class PendingTurn<Model: ServedModel>: Sendable {
    let outcome: Outcome<StartedTurn<Model>>
    private let task: Task<Void, Never>

    /// Asks for the lease, then for the prompt, in a task of its own, since the wait may outlast the handler.
    init<Engine: ModelEngine>(_ order: TurnOrder, service: ConiferService<Engine>) where Engine.Model == Model {
        let outcome = Outcome<StartedTurn<Model>>()
        let requested = ContinuousClock.now
        self.outcome = outcome
        task = Task {
            do {
                let lease = try await service.residency.acquire(order.wanted, keepAlive: order.keepAlive)
                let waited = requested.duration(to: .now)
                let streams = try Self.start(order, on: lease.loaded)
                let meter = TurnMeter(
                    service.metrics, model: lease.admission.model.name, answers: streams.count, requested: requested)
                outcome.resolve(
                    .success(
                        StartedTurn(lease: lease, streams: streams, waited: waited, requested: requested, meter: meter))
                )
            } catch {
                let error = ServiceError(error)
                let model = if case .model(let model) = order.wanted { model.name } else { "" }
                let isGone = error.status.code == ServiceError.clientGone.status.code
                service.metrics.ended(model: model, isGone ? .cancelled : .refused)
                outcome.resolve(.failure(error))
            }
        }
    }

    deinit { task.cancel() }

    /// Gives the turn up: it leaves the queue at once.
    func cancel() { task.cancel() }

    private static func start(_ order: TurnOrder, on model: Model) throws -> [GenerationStream] {
        let prompt = try model.prompt(order.input)
        return try order.options.map { try model.generate(prompt, options: $0) }
    }
}
