import Inference
import OllamaWire
import OrderedJSON

/// Writes a turn as Ollama's `/api/chat` or `/api/generate`; these have one answer.
struct OllamaEncoder: TurnEncoder {
    let shape: AnswerShape
    let model: String
    let requested: ContinuousClock.Instant
    let waited: Duration

    func opening(choices: Int) -> [JSON] { [] }

    func text(_ piece: AnswerPiece, choice: Int) -> JSON { line(piece.text).json }

    func reasoning(_ text: String, choice: Int) -> JSON { line("", thinking: text).json }

    func finish(_ result: GenerationResult, choice: Int) -> JSON? { nil }

    func closing(_ results: [GenerationResult]) -> [JSON] {
        results.map { line("", statistics: statistics($0)).json }
    }

    func whole(_ answers: [CollectedAnswer]) -> JSON {
        guard let answer = answers.first else { return line("").json }
        return line(
            answer.text, thinking: answer.reasoning.isEmpty ? nil : answer.reasoning,
            statistics: statistics(answer.result)
        ).json
    }

    /// The one line of a request that only loads or unloads.
    func status(_ reason: String) -> JSON {
        var statistics = TurnStatistics(reason: reason)
        if reason == "load" {
            statistics.totalNanoseconds = requested.duration(to: .now).nanoseconds
            statistics.loadNanoseconds = waited.nanoseconds
        }
        return line("", statistics: statistics).json
    }

    private func line(_ text: String, thinking: String? = nil, statistics: TurnStatistics? = nil) -> AnswerLine {
        AnswerLine(
            shape: shape, model: model, createdAt: WallTime.now.text, text: text, thinking: thinking,
            statistics: statistics)
    }

    private func statistics(_ result: GenerationResult) -> TurnStatistics {
        TurnStatistics(
            reason: result.reason.rawValue, totalNanoseconds: requested.duration(to: .now).nanoseconds,
            loadNanoseconds: waited.nanoseconds, promptTokens: result.promptTokens,
            promptNanoseconds: result.prefillDuration.nanoseconds, generatedTokens: result.completionTokens,
            generationNanoseconds: result.decodeDuration.nanoseconds)
    }
}
