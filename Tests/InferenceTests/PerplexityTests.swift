import GGUF
import TestModels
import Testing

@testable import Inference

@Suite("Perplexity")
struct PerplexityTests {
    @Test("a model that knows nothing is as perplexed as its vocabulary is large")
    func uniform() throws {
        var tiny = TinyModel(.llama)
        tiny.deviation = 1e-6
        let folder = try TemporaryFolder()
        let file = try GGUFFile(path: tiny.write(into: folder))
        let plan = try LoadPlan(file, name: "tiny", options: LoadOptions(threads: 1, parallelTurns: 1))
        let tokens = (0..<300).map { Int32($0 % 97) }
        var calls = 0
        let result = try Perplexity.measure(tokens, plan: plan, window: 128) { _, _ in
            calls += 1
            return true
        }
        let value = try #require(result.value)
        #expect(abs(value / Double(plan.information.vocabularySize) - 1) < 0.01)
        #expect(calls == 2)
        #expect(result.count == 2 * 63)
    }

    @Test("a text shorter than a window is refused")
    func short() throws {
        let folder = try TemporaryFolder()
        let file = try GGUFFile(path: TinyModel(.llama).write(into: folder))
        let plan = try LoadPlan(file, name: "tiny")
        #expect(throws: InferenceError.emptyPrompt) {
            try Perplexity.measure([1, 2, 3], plan: plan, window: 128) { _, _ in true }
        }
    }
}
