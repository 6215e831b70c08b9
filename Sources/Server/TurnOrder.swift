import HTTPTypes
import Inference
import Residency

/// What a request asks for, once its body is read: after this nothing optional means "default".
struct TurnOrder: Sendable {
    var wanted: WantedModel<CatalogModel>
    /// The policy that the turn sets once its model has accepted its prompts; nil sets none.
    var keepAlive: KeepAlive?
    /// What the model is to continue.
    var inputs: [PromptInput]
    /// What a model without a chat template is to continue instead of a conversation; nil: it cannot.
    var templateless: PromptInput?
    /// Whether a conversation that is too long loses its oldest messages.
    var truncates = false
    /// One set of options for each answer that is wanted to each input.
    var options: [GenerationOptions]
    /// The request's field that the inputs come from, for what is wrong with them.
    var inputField = "messages"
}

/// A turn that has its lease and whose prompts the model has accepted: all that can fail before the first token has not.
struct StartedTurn<Model: ServedModel>: Sendable {
    let lease: Lease<CatalogModel, Model>
    /// What the inputs have become.
    let prompts: [Prompt]
    /// Messages that were left out of a conversation so that the rest fits.
    let droppedMessages: Int
    /// One stream for each answer: the first prompt's answers, the second one's ….
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

    /// Asks for the lease, then for the prompts, in a task of its own, since the wait may outlast the handler.
    init<Engine: ModelEngine>(_ order: TurnOrder, service: ConiferService<Engine>) where Engine.Model == Model {
        let outcome = Outcome<StartedTurn<Model>>()
        let requested = ContinuousClock.now
        self.outcome = outcome
        task = Task {
            do {
                let lease = try await service.residency.acquire(order.wanted)
                let waited = requested.duration(to: .now)
                let accepted = try order.inputs.map { try AcceptedPrompt($0, order, for: lease.loaded) }
                let prompts = accepted.map(\.prompt)
                let streams = try prompts.flatMap { prompt in
                    try order.options.map { try lease.loaded.generate(prompt, options: $0) }
                }
                // Nothing refuses the request from here on.
                lease.adopt(order.keepAlive)
                let meter = TurnMeter(
                    service.metrics, model: lease.admission.model.name, answers: streams.count,
                    answersPerPrompt: order.options.count, requested: requested)
                outcome.resolve(
                    .success(
                        StartedTurn(
                            lease: lease, prompts: prompts,
                            droppedMessages: accepted.reduce(0) { $0 + $1.droppedMessages }, streams: streams,
                            waited: waited, requested: requested, meter: meter)))
            } catch {
                let error = ServiceError(error, inputField: order.inputField)
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
}
