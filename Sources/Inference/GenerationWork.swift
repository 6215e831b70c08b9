internal import Sampling
internal import Tokenization
internal import Transformers

/// Generates: chooses one token after another, and tells the client.
final class GenerationWork: TurnWork {
    private let options: GenerationOptions
    private let continuation: GenerationStream.Continuation
    private let scorer: TokenScorer?
    private let prompt: [Token]
    private let maximumTokens: Int
    private let cachedTokens: Int
    private let endOfGeneration: Set<Token>
    private var sampler: Sampler
    private var text: TurnText
    /// The scores of the prompt's beginning, if the prompt is scored; the first token has none.
    private var promptScores: [TokenLogProbability?] = [nil]
    private var tokens: [Token] = []
    private var generated = 0
    private var reasoningTokens = 0
    private let submitted: ContinuousClock.Instant
    private let started = ContinuousClock.now
    private var firstToken: ContinuousClock.Instant?

    init(_ order: GenerationOrder, of request: TurnRequest, cachedTokens: Int) {
        options = order.options
        continuation = order.continuation
        scorer = order.scorer
        sampler = order.sampler
        text = order.text
        endOfGeneration = order.endOfGeneration
        prompt = request.prompt.tokens
        maximumTokens = request.maximumTokens
        submitted = request.submitted
        self.cachedTokens = cachedTokens
        sampler.acceptPrompt(prompt)
    }

    var scoresPrompt: Bool { options.scoresPrompt }

    func entry(_ sequence: CachedSequence, _ tokens: ArraySlice<Token>, completesPrompt: Bool) -> Batch.Entry {
        let isScored = scoresPrompt && sequence.count < prompt.count
        return Batch.Entry(sequence, tokens, logits: isScored ? .all : completesPrompt ? .last : .none)
    }

    func take(_ output: ForwardOutput, entry: Int, completesPrompt: Bool) throws -> TurnProgress {
        let rows = output.rows(ofEntry: entry)
        if scoresPrompt, firstToken == nil, let scorer {
            for row in rows where promptScores.count < prompt.count {
                promptScores.append(scorer.score(prompt[promptScores.count], in: output[row]))
            }
        }
        guard completesPrompt, let last = rows.last else { return .prefilling }
        if firstToken == nil {
            firstToken = .now
            if scoresPrompt {
                continuation.yield(.prompt(promptScores))
                promptScores = []
            }
            guard maximumTokens > 0 else { return finish(.length) }
        }
        return try accept(output[last])
    }

    /// Chooses the next token.
    private func accept(_ logits: UnsafeMutableBufferPointer<Float>) throws -> TurnProgress {
        let token: Token
        var score: TokenLogProbability?
        if options.logProbabilities != nil, let scorer {
            let chosen = try scorer.choose(from: logits) { try sampler.sample($0) }
            (token, score) = (chosen.token, chosen)
        } else {
            token = try sampler.sample(logits)
        }
        generated += 1
        sampler.accept(token)
        if endOfGeneration.contains(token), !options.ignoresEndOfGeneration {
            return finish(.stop)
        }
        tokens.append(token)
        if text.isReasoning {
            reasoningTokens += 1
        }
        for event in text.append(token, score: score) {
            continuation.yield(event)
        }
        if text.isStopped {
            return finish(.stop)
        }
        return generated >= maximumTokens ? finish(.length) : .next(token)
    }

    /// Sends what was held back and the result.
    private func finish(_ reason: FinishReason) -> TurnProgress {
        for event in text.finish() {
            continuation.yield(event)
        }
        let now = ContinuousClock.now
        let first = firstToken ?? now
        continuation.yield(
            .finished(
                GenerationResult(
                    reason: reason, promptTokens: prompt.count, cachedTokens: cachedTokens,
                    completionTokens: generated, reasoningTokens: reasoningTokens, tokens: tokens,
                    queueDuration: started - submitted, prefillDuration: first - started,
                    decodeDuration: now - first)))
        continuation.finish()
        return .over
    }
}
