import Hummingbird
import Inference
import OpenAIWire
import OrderedJSON
import Residency

extension RouteRequest {
    /// `POST /v1/completions`.
    func openAICompletion() async throws -> Response {
        let request = try await CompletionRequest(body())
        let order = try self.order(request)
        let created = WallTime.now.seconds
        let id = "cmpl-" + RandomID.make()
        let responder = await responder(.events) { started in
            TextCompletionEncoder(
                identity: CompletionIdentity(id: id, created: created, model: started.modelName),
                includesUsage: request.common.includeUsage,
                prompts: zip(request.prompts, started.prompts).map { field, prompt in
                    Self.echoed(field, prompt, by: started.lease.loaded)
                },
                generated: request.bestOf, returned: request.common.choices, echoes: request.echo,
                reportsTokens: request.logProbabilities != nil)
        }
        return request.common.stream ? try await responder.stream(order) : try await responder.whole(order)
    }

    private func order(_ request: CompletionRequest) throws -> TurnOrder {
        // The policy first: a bad one is refused before anything else happens.
        let keepAlive = try service.keepAlive(request.common.keepAlive)
        let answers = request.prompts.count * request.bestOf
        guard answers <= Limits.answers else {
            throw ServiceError(
                .badRequest,
                "prompt: \(request.prompts.count) prompts with \(request.bestOf) answers each are \(answers) answers; "
                    + "at most \(Limits.answers) are given to one request", param: "prompt")
        }
        let isRanked = request.bestOf > request.common.choices
        let options = try Self.options(request.common, answers: request.bestOf) { options in
            options.maximumTokens = request.maximumTokens ?? Limits.defaultAnswerTokens
            // The best answers are found by their tokens' probabilities.
            options.logProbabilities = request.logProbabilities ?? (isRanked ? 0 : nil)
            options.scoresPrompt = request.echo && request.logProbabilities != nil
        }
        return TurnOrder(
            wanted: service.wanted(request.common.model), keepAlive: keepAlive,
            inputs: request.prompts.map { Self.input($0, suffix: request.suffix) }, options: options,
            inputField: "prompt")
    }

    private static func input(_ prompt: PromptField, suffix: String?) -> PromptInput {
        if let suffix, case .text(let prefix) = prompt { return .fillIn(prefix: prefix, suffix: suffix) }
        return PromptInput(prompt)
    }

    private static func echoed(
        _ field: PromptField, _ prompt: Prompt, by model: Engine.Model
    ) -> TextCompletionEncoder.EchoedPrompt {
        let text =
            switch field {
            case .text(let text): text
            case .tokens(let tokens): model.text(of: tokens)
            }
        return .init(text: text, firstToken: model.text(of: Array(prompt.tokens.prefix(1))))
    }
}

extension PromptInput {
    /// A text or tokens, as they are.
    init(_ field: PromptField) {
        switch field {
        case .text(let text): self = .text(text)
        case .tokens(let tokens): self = .tokens(tokens)
        }
    }
}
