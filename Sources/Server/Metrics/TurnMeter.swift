import Inference
import Synchronization

/// Counts one turn: when its first token came, what it used, how it ended. Each answer of a request counts as one.
final class TurnMeter: Sendable {
    private struct State {
        var hasBegun = false
        var finished = 0
        /// Tokens that answers which have not finished were seen to have, by answer.
        var tokens: [Int: Int] = [:]
        var isOver = false
    }

    private let metrics: ServerMetrics
    private let model: String
    private let answers: Int
    private let answersPerPrompt: Int
    private let requested: ContinuousClock.Instant
    private let state = Mutex(State())

    init(
        _ metrics: ServerMetrics, model: String, answers: Int, answersPerPrompt: Int,
        requested: ContinuousClock.Instant
    ) {
        self.metrics = metrics
        self.model = model
        self.answers = answers
        self.answersPerPrompt = answersPerPrompt
        self.requested = requested
    }

    /// A turn that nobody reads has lost its client before it could begin.
    deinit { end(.cancelled) }

    /// One event of one of its answers, which are counted over all prompts.
    func note(_ event: GenerationEvent, choice: Int) {
        if case .finished(let result) = event {
            state.withLock { state in
                state.finished += 1
                state.tokens[choice] = nil
            }
            // A prompt counts once, however many answers it has.
            let isFirst = choice % answersPerPrompt == 0
            metrics.used(
                model: model, promptTokens: isFirst ? result.promptTokens : 0,
                cachedTokens: isFirst ? result.cachedTokens : 0, completionTokens: result.completionTokens)
            metrics.ended(model: model, result.reason == .stop ? .stop : .length)
        } else if let tokens = Self.tokens(in: event) {
            let isFirst = state.withLock { state in
                defer { state.hasBegun = true }
                state.tokens[choice, default: 0] += tokens
                return !state.hasBegun
            }
            if isFirst { metrics.firstToken(model: model, after: requested.duration(to: .now)) }
        }
    }

    /// How many tokens an event brings, at least; nil: it brings none. Every token's text comes as soon as it is whole
    /// characters and cannot be the beginning of a stop string, so that nearly every piece is one token.
    private static func tokens(in event: GenerationEvent) -> Int? {
        switch event {
        case .text(_, let scores): max(1, scores.count)
        case .reasoning: 1
        case .prompt, .finished: nil
        }
    }

    /// The turn is over; answers that have not finished were cut for this reason, and used what was seen of them.
    /// Further calls do nothing.
    func end(_ outcome: ServerMetrics.Outcome) {
        let (unfinished, tokens) = state.withLock { state in
            guard !state.isOver else { return (0, 0) }
            state.isOver = true
            return (max(0, answers - state.finished), state.tokens.values.reduce(0, +))
        }
        if tokens > 0 { metrics.used(model: model, promptTokens: 0, cachedTokens: 0, completionTokens: tokens) }
        for _ in 0..<unfinished { metrics.ended(model: model, outcome) }
    }
}
