import HTTPTypes
import Inference
import Residency

/// What a request wants embedded, once its body is read.
struct EmbeddingOrder: Sendable {
    var wanted: WantedModel<CatalogModel>
    /// The policy that the turn sets once its model has accepted its inputs; nil sets none.
    var keepAlive: KeepAlive?
    var inputs: [PromptInput]
    /// How long vectors are to be; nil: as long as the model makes them.
    var dimensions: Int?
    /// Whether inputs that are too long are cut to the context, rather than refused.
    var truncates = false
}

/// What has become of it.
struct EmbeddingAnswer: Sendable {
    /// Which model answered, and why.
    var admission: Admission<CatalogModel>
    /// One for each input, of length 1.
    var vectors: [[Float]]
    /// Tokens of all inputs.
    var promptTokens: Int
    /// From the request to the lease.
    var waited: Duration
}

extension RouteRequest {
    /// Embeds texts under a lease, as a turn: its client may leave, and a shutdown may cut it.
    func embed(_ order: EmbeddingOrder) async throws -> EmbeddingAnswer {
        let watch = await ClientWatch.of(context.channel)
        do {
            let answer = try await withInterruptions([watch.gone]) { [service] in try await order.run(by: service) }
            let model = answer.admission.model.name
            service.metrics.used(
                model: model, promptTokens: answer.promptTokens, cachedTokens: 0, completionTokens: 0)
            service.metrics.ended(model: model, .stop)
            return answer
        } catch {
            let error = ServiceError(error, inputField: "input")
            let model = if case .model(let model) = order.wanted { model.name } else { "" }
            let isGone = error.status.code == ServiceError.clientGone.status.code
            service.metrics.ended(model: model, isGone ? .cancelled : .refused)
            throw error
        }
    }
}

extension EmbeddingOrder {
    fileprivate func run(by service: ConiferService<some ModelEngine>) async throws -> EmbeddingAnswer {
        let requested = ContinuousClock.now
        let lease = try await service.residency.acquire(wanted)
        // The turn is over before its client hears of it.
        defer { lease.release() }
        let waited = requested.duration(to: .now)
        let cut = Outcome<ServiceError>()
        lease.onCut { cut.resolve(.success(.shuttingDown)) }
        let embeddings = try await withInterruptions([cut]) {
            let prompts = try prompts(for: lease.loaded)
            // Nothing refuses the request from here on.
            lease.adopt(keepAlive)
            return try await lease.loaded.embed(prompts)
        }
        return EmbeddingAnswer(
            admission: lease.admission, vectors: embeddings.map { shortened($0.values) },
            promptTokens: embeddings.reduce(0) { $0 + $1.promptTokens }, waited: waited)
    }

    /// What the inputs have become, each of them known to fit the model.
    private func prompts(for model: some ServedModel) throws -> [Prompt] {
        let information = model.information
        if let dimensions, dimensions > information.embeddingLength {
            throw ServiceError(
                .badRequest,
                "dimensions: is \(dimensions), and vectors of model '\(information.name)' have "
                    + "\(information.embeddingLength)", param: "dimensions")
        }
        var prompts: [Prompt] = []
        for input in inputs {
            // Thousands of long texts take a while to become tokens.
            try Task.checkCancellation()
            var prompt = try model.prompt(input)
            if truncates { prompt.tokens = Array(prompt.tokens.prefix(information.contextLength)) }
            guard !prompt.tokens.isEmpty else { throw InferenceError.emptyPrompt }
            guard prompt.tokens.count <= information.contextLength else {
                throw InferenceError.contextLengthExceeded(
                    prompt: prompt.tokens.count, generate: 0, limit: information.contextLength)
            }
            prompts.append(prompt)
        }
        return prompts
    }

    /// The first dimensions of a vector, of length 1 again.
    private func shortened(_ vector: [Float]) -> [Float] {
        guard let dimensions, dimensions < vector.count else { return vector }
        let short = vector.prefix(dimensions)
        let length = short.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
        return length > 0 ? short.map { Float(Double($0) / length) } : Array(short)
    }
}
