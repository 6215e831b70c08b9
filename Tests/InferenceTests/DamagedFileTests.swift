import Foundation
import GGUF
import Inference
import TestModels
import Testing

/// Model files that are cut short after they were opened.
@Suite(.timeLimit(.minutes(1))) struct DamagedFileTests {
    private let folder: TemporaryFolder
    private let plan: LoadPlan

    init() throws {
        folder = try TemporaryFolder()
        var tiny = TinyModel(.qwen3)
        // Longer than a turn can last until it is noticed.
        tiny.contextLength = 1 << 17
        let path = try tiny.write(into: folder, as: "tiny.gguf")
        plan = try LoadPlan(GGUFFile(path: path), name: "tiny", options: LoadOptions(threads: 2))
    }

    @Test func `a file that is cut between plan and load is not loaded`() throws {
        try folder.write([], as: "tiny.gguf")
        #expect(throws: InferenceError.fileChanged(name: "tiny")) { try LanguageModel(plan) }
    }

    @Test func `a file that is cut after its load was begun is not loaded`() throws {
        plan.begin()
        try folder.write([], as: "tiny.gguf")
        #expect(throws: InferenceError.fileChanged(name: "tiny")) { try LanguageModel(plan) }
    }

    @Test func `a turn that runs is ended, and none is begun any more`() async throws {
        let model = try LanguageModel(plan)
        let prompt = try model.prompt(.text("hello"))
        let options = GenerationOptions(maximumTokens: 100_000, ignoresEndOfGeneration: true)
        await #expect(throws: InferenceError.fileChanged(name: "tiny")) {
            var isCut = false
            for try await _ in try model.generate(prompt, options: options) where !isCut {
                isCut = true
                try folder.write([], as: "tiny.gguf")
            }
        }
        #expect(throws: InferenceError.fileChanged(name: "tiny")) { try model.generate(prompt) }
        #expect(throws: InferenceError.fileChanged(name: "tiny")) { try model.prompt(.text("hello")) }
        await #expect(throws: InferenceError.fileChanged(name: "tiny")) { try await model.embed([prompt]) }
        await model.unload()
    }
}
