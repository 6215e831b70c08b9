import Inference
import OllamaWire
import OrderedJSON

/// Writes a turn as Ollama's `/api/chat` or `/api/generate`; these have one answer.
struct OllamaEncoder: TurnEncoder {
    let shape: AnswerShape
    let model: String
    let promptTokens: [Int32]
    let droppedMessages: Int
    let requested: ContinuousClock.Instant
    let waited: Duration
    /// Whether the last line has the tokens of the conversation so far.
    let givesContext: Bool

    init<Model: ServedModel>(shape: AnswerShape, started: StartedTurn<Model>, givesContext: Bool) {
        self.shape = shape
        model = started.modelName
        promptTokens = started.prompts.first?.tokens ?? []
        droppedMessages = started.droppedMessages
        requested = started.requested
        waited = started.waited
        self.givesContext = givesContext
    }

    func opening(choices: Int) -> [JSON] { [] }

    func text(_ piece: AnswerPiece, choice: Int) -> JSON { line(piece.text, tokens: piece.tokens).json }

    func reasoning(_ text: String, choice: Int) -> JSON { line("", thinking: text).json }

    func finish(_ result: GenerationResult, choice: Int) -> JSON? { nil }

    func closing(_ results: [GenerationResult]) -> [JSON] {
        results.map { line("", statistics: statistics($0)).json }
    }

    func whole(_ answers: [CollectedAnswer]) -> JSON {
        guard let answer = answers.first else { return line("").json }
        return line(
            answer.text, thinking: answer.reasoning.isEmpty ? nil : answer.reasoning, tokens: answer.tokens,
            statistics: statistics(answer.result)
        ).json
    }

    /// The one line of a request that only loads or unloads.
    static func status(_ reason: String, shape: AnswerShape, model: String, waited: Duration = .zero) -> JSON {
        AnswerLine(
            shape: shape, model: model, createdAt: WallTime.now.text, text: "",
            statistics: TurnStatistics(
                reason: reason, totalNanoseconds: waited.nanoseconds, loadNanoseconds: waited.nanoseconds)
        ).json
    }

    private func line(
        _ text: String, thinking: String? = nil, tokens: [TokenLogProbability] = [],
        statistics: TurnStatistics? = nil
    ) -> AnswerLine {
        AnswerLine(
            shape: shape, model: model, createdAt: WallTime.now.text, text: text, thinking: thinking,
            logProbabilities: tokens.map(Self.score), statistics: statistics)
    }

    private static func score(_ token: TokenLogProbability) -> TokenScore {
        TokenScore(
            bytes: token.bytes, logProbability: Double(token.logProbability),
            alternatives: token.alternatives.map {
                TokenScore(bytes: $0.bytes, logProbability: Double($0.logProbability))
            })
    }

    private func statistics(_ result: GenerationResult) -> TurnStatistics {
        TurnStatistics(
            reason: result.reason.rawValue, totalNanoseconds: requested.duration(to: .now).nanoseconds,
            loadNanoseconds: waited.nanoseconds, promptTokens: result.promptTokens,
            promptNanoseconds: result.prefillDuration.nanoseconds, generatedTokens: result.completionTokens,
            generationNanoseconds: result.decodeDuration.nanoseconds,
            context: givesContext ? promptTokens + result.tokens : [],
            droppedMessages: droppedMessages)
    }
}
