internal import Sampling
internal import Synchronization
internal import Tokenization

/// What the engine needs to start a turn; made by the caller, owned by the engine's thread from then on.
struct TurnRequest: Sendable {
    /// What the turn is for.
    enum Purpose: Sendable {
        case generation(GenerationOrder)
        case embedding(EmbeddingOrder)
    }

    var prompt: Prompt
    /// The most tokens to generate, already bounded by the context.
    var maximumTokens: Int
    var purpose: Purpose
    var submitted = ContinuousClock.now
    let cancellation = Cancellation()

    /// The turn will not be computed, or not to its end.
    func fail(_ error: InferenceError) {
        switch purpose {
        case .generation(let order): order.continuation.finish(throwing: error)
        case .embedding(let order): order.continuation.finish(throwing: error)
        }
    }
}

/// A text to generate.
struct GenerationOrder: Sendable {
    var options: GenerationOptions
    var sampler: Sampler
    var text: TurnText
    /// Tokens that end it.
    var endOfGeneration: Set<Token>
    /// Makes the probabilities that the client asked for; nil for none.
    var scorer: TokenScorer?
    var continuation: GenerationStream.Continuation
}

/// An embedding to compute.
struct EmbeddingOrder: Sendable {
    var pooling: Pooling
    var continuation: AsyncThrowingStream<Embedding, any Error>.Continuation
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
