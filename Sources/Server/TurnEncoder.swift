import Inference
import OrderedJSON

/// Writes the events of one turn for one wire.
protocol TurnEncoder: Sendable {
    /// What comes before the first event of each answer.
    func opening(choices: Int) -> [JSON]
    /// A piece of an answer.
    func text(_ text: String, choice: Int) -> JSON
    /// A piece of the thinking before it.
    func reasoning(_ text: String, choice: Int) -> JSON
    /// One answer is complete.
    func finish(_ result: GenerationResult, choice: Int) -> JSON?
    /// All answers are complete.
    func closing(_ results: [GenerationResult]) -> [JSON]
    /// The whole turn as one document.
    func whole(_ answers: [CollectedAnswer]) -> JSON
}

/// One answer, read to its end.
struct CollectedAnswer: Sendable {
    var text = ""
    var reasoning = ""
    var result: GenerationResult
}
