import Inference
import OrderedJSON

/// Writes the events of one turn for one wire. Answers are counted over all prompts: the first one's, the second one's ….
protocol TurnEncoder: Sendable {
    /// What comes before the first event of each answer.
    func opening(choices: Int) -> [JSON]
    /// The tokens of an answer's prompt, for a turn that has its prompts scored.
    func prompt(_ scores: [TokenLogProbability?], choice: Int) -> JSON?
    /// A piece of an answer.
    func text(_ piece: AnswerPiece, choice: Int) -> JSON
    /// A piece of the thinking before it.
    func reasoning(_ text: String, choice: Int) -> JSON
    /// One answer is complete.
    func finish(_ result: GenerationResult, choice: Int) -> JSON?
    /// All answers are complete.
    func closing(_ results: [GenerationResult]) -> [JSON]
    /// The whole turn as one document.
    func whole(_ answers: [CollectedAnswer]) -> JSON
}

extension TurnEncoder {
    func prompt(_ scores: [TokenLogProbability?], choice: Int) -> JSON? { nil }
}

/// A piece of an answer.
struct AnswerPiece: Sendable {
    var text: String
    /// Its tokens; empty unless they were asked for.
    var tokens: [TokenLogProbability] = []
    /// Unicode scalars of the answer before it.
    var offset = 0
}

/// One answer, read to its end.
struct CollectedAnswer: Sendable {
    var text = ""
    var tokens: [TokenLogProbability] = []
    /// The prompt's tokens; empty unless they were asked for.
    var prompt: [TokenLogProbability?] = []
    var reasoning = ""
    var result: GenerationResult
}
