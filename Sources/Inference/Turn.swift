internal import Sampling
internal import Synchronization
internal import Tokenization
internal import Transformers

/// What the engine needs to start a turn; made by the caller, owned by the engine's thread from then on.
struct TurnRequest: Sendable {
    var prompt: Prompt
    var options: GenerationOptions
    /// The most tokens to generate, already bounded by the context.
    var maximumTokens: Int
    var sampler: Sampler
    var text: TurnText
    var submitted: ContinuousClock.Instant
    var cancellation: Cancellation
    var continuation: GenerationStream.Continuation
}

/// Set by the client's side, read by the engine between layers.
final class Cancellation: Sendable {
    private let flag = Atomic(false)

    /// The client no longer wants the answer.
    func cancel() {
        flag.store(true, ordering: .relaxed)
    }

    /// Whether the client has left.
    var isCancelled: Bool {
        flag.load(ordering: .relaxed)
    }
}

/// A turn that has its place in the KV cache.
struct Turn {
    let id: Int
    let request: TurnRequest
    let sequence: CachedSequence
    /// KV cache blocks that the turn may come to use: what admission has set aside for it.
    let blocks: Int
    var sampler: Sampler
    var text: TurnText
    /// Tokens not yet in the KV cache: the rest of the prompt, then the one token that was chosen last.
    var pending: ArraySlice<Token>
    var isDecoding = false
    var generated = 0
    var reasoningTokens = 0
    let started: ContinuousClock.Instant
    var firstToken: ContinuousClock.Instant?

    init(_ request: TurnRequest, id: Int, sequence: CachedSequence, blocks: Int) {
        self.id = id
        self.request = request
        self.sequence = sequence
        self.blocks = blocks
        sampler = request.sampler
        text = request.text
        pending = request.prompt.tokens[sequence.count...]
        started = .now
        sampler.acceptPrompt(request.prompt.tokens)
    }

    /// Takes the token that was chosen; returns why the turn ends with it, if it does.
    mutating func accept(_ token: Token, endsGeneration: Bool) -> FinishReason? {
        if firstToken == nil {
            firstToken = .now
        }
        generated += 1
        isDecoding = true
        sampler.accept(token)
        if endsGeneration, !request.options.ignoresEndOfGeneration {
            return .stop
        }
        if text.isReasoning {
            reasoningTokens += 1
        }
        for event in text.append(token) {
            request.continuation.yield(event)
        }
        if text.isStopped {
            return .stop
        }
        pending = [token]
        return generated >= request.maximumTokens ? .length : nil
    }

    /// Sends what was held back and the result.
    mutating func finish(_ reason: FinishReason) {
        for event in text.finish() {
            request.continuation.yield(event)
        }
        let now = ContinuousClock.now
        let first = firstToken ?? now
        request.continuation.yield(
            .finished(
                GenerationResult(
                    reason: reason, promptTokens: request.prompt.tokens.count, cachedTokens: sequence.reusedCount,
                    completionTokens: generated, reasoningTokens: reasoningTokens,
                    queueDuration: started - request.submitted, prefillDuration: first - started,
                    decodeDuration: now - first)))
        request.continuation.finish()
    }
}
