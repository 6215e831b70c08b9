import Inference
import Synchronization

/// Counts one turn: when its first token came, what it used, how it ended. Each answer of a request counts as one.
final class TurnMeter: Sendable {
    private struct State {
        var hasBegun = false
        var finished = 0
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
            state.withLock { $0.finished += 1 }
            // A prompt counts once, however many answers it has.
            let isFirst = choice % answersPerPrompt == 0
            metrics.used(
                model: model, promptTokens: isFirst ? result.promptTokens : 0,
                cachedTokens: isFirst ? result.cachedTokens : 0, completionTokens: result.completionTokens)
            metrics.ended(model: model, result.reason == .stop ? .stop : .length)
        } else if Self.isToken(event) {
            let isFirst = state.withLock { state in
                defer { state.hasBegun = true }
                return !state.hasBegun
            }
            if isFirst { metrics.firstToken(model: model, after: requested.duration(to: .now)) }
        }
    }

    private static func isToken(_ event: GenerationEvent) -> Bool {
        if case .text = event { true } else if case .reasoning = event { true } else { false }
    }

    /// The turn is over; answers that have not finished were cut for this reason. Further calls do nothing.
    func end(_ outcome: ServerMetrics.Outcome) {
        let unfinished = state.withLock { state in
            guard !state.isOver else { return 0 }
            state.isOver = true
            return max(0, answers - state.finished)
        }
        for _ in 0..<unfinished { metrics.ended(model: model, outcome) }
    }
}
