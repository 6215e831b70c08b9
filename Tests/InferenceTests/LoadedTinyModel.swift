import GGUF
import TestModels
import Testing

@testable import Inference

/// A tiny model, loaded.
enum LoadedTinyModel {
    /// Loads one; `options` may bound its memory, `change` its file.
    static func load(
        _ family: TinyModel.Family = .qwen3, _ options: LoadOptions = LoadOptions(threads: 2),
        deviation: Float = 0.3, change: (inout GGUFBuilder) -> Void = { _ in }
    ) throws -> LanguageModel {
        let folder = try TemporaryFolder()
        var tiny = TinyModel(family)
        tiny.deviation = deviation
        var builder = tiny.builder()
        change(&builder)
        let file = try GGUFFile(path: folder.write(builder.build(), as: "tiny.gguf"))
        return try LanguageModel(LoadPlan(file, name: "tiny", options: options))
    }
}

/// What a turn told its client.
struct CollectedTurn {
    var promptScores: [TokenLogProbability?]?
    var text = ""
    var reasoning = ""
    var scores: [TokenLogProbability] = []
    var result = GenerationResult(reason: .stop)

    init(_ model: LanguageModel, _ prompt: Prompt, _ options: GenerationOptions) async throws {
        for try await event in try model.generate(prompt, options: options) {
            switch event {
            case .prompt(let scores): promptScores = scores
            case .text(let piece, let more):
                text += piece
                scores += more
            case .reasoning(let piece): reasoning += piece
            case .finished(let result):
                self.result = result
                return
            }
        }
        Issue.record("the stream ended without a result")
    }
}
