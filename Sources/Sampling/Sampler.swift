/// Chooses the tokens of one sequence, one step at a time.
///
/// ```swift
/// var sampler = try Sampler(parameters, vocabularySize: model.vocabularySize)
/// sampler.acceptPrompt(promptTokens)
/// let token = try sampler.sample(logits)   // changes the logits
/// sampler.accept(token)
/// ```
///
/// Take log-probabilities (`LogProbabilities`) before `sample`, which works in place. A token that must not come (a
/// grammar's) gets the logit −∞ before the call. NaN counts as −∞. The vocabulary is never sorted: one pass finds the
/// maxima of blocks, and later steps look only where candidates can be.
public struct Sampler: Sendable {
    /// What the sampler was made with.
    public let parameters: SamplingParameters
    /// How many logits each step has.
    public let vocabularySize: Int

    var random: RandomSource
    var history: TokenHistory
    var maxima = BlockMaxima()
    /// Working memory of top-k.
    var candidates: [RankKey] = []

    /// A sampler at the start of its random sequence. Throws if `logitBias` names a token outside the vocabulary.
    public init(_ parameters: SamplingParameters, vocabularySize: Int) throws(SamplingError) {
        for token in parameters.logitBias.keys.sorted() where token < 0 || Int(token) >= vocabularySize {
            throw .unknownToken(token: token, vocabularySize: vocabularySize)
        }
        self.parameters = parameters
        self.vocabularySize = vocabularySize
        random = RandomSource(seed: parameters.seed)
        history = TokenHistory(parameters)
    }

    /// Tokens of the prompt: the repetition penalty sees them, presence and frequency penalty do not.
    public mutating func acceptPrompt(_ tokens: some Collection<Int32>) {
        for token in tokens.suffix(parameters.repetitionWindow) { history.append(token, isGenerated: false) }
    }

    /// The token that the sequence goes on with, whether `sample` chose it or something else did.
    public mutating func accept(_ token: Int32) {
        history.append(token, isGenerated: true)
    }

    /// The next token. `logits` (`[vocabularySize]`) is working memory afterwards. Throws `noCandidate` if no logit is
    /// above −∞; the random sequence then has not moved.
    public mutating func sample(_ logits: UnsafeMutableBufferPointer<Float>) throws(SamplingError) -> Int32 {
        precondition(logits.count == vocabularySize, "a sampler is made for one vocabulary")
        addBiases(to: logits)
        addPenalties(to: logits)
        maxima.update(logits)
        if maxima.maximum == .infinity { replaceInfinities(in: logits) }
        guard let best = maxima.firstIndexOfMaximum(in: logits) else {
            throw .noCandidate(vocabularySize: vocabularySize)
        }
        guard parameters.temperature > 0, parameters.topK != 1 else { return Int32(best) }
        return draw(from: logits, upTo: lastKept(of: logits))
    }

    private func addBiases(to logits: UnsafeMutableBufferPointer<Float>) {
        for (token, bias) in parameters.logitBias { logits[Int(token)] += bias }
    }

    private func addPenalties(to logits: UnsafeMutableBufferPointer<Float>) {
        for token in history.inWindow.keys where token >= 0 && Int(token) < logits.count {
            let logit = logits[Int(token)]
            logits[Int(token)] =
                logit > 0 ? logit / parameters.repetitionPenalty : logit * parameters.repetitionPenalty
        }
        for (token, count) in history.generated where token >= 0 && Int(token) < logits.count {
            logits[Int(token)] -= parameters.presencePenalty + parameters.frequencyPenalty * Float(count)
        }
    }

    /// +∞ − +∞ is no number: the largest finite float takes its place, which leaves those tokens alike and all others
    /// without a chance.
    private mutating func replaceInfinities(in logits: UnsafeMutableBufferPointer<Float>) {
        for index in logits.indices where logits[index] == .infinity { logits[index] = .greatestFiniteMagnitude }
        maxima.update(logits)
    }
}
