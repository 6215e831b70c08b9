import GGUF
import TestModels
import Testing

@testable import Inference

@Suite("Load plans")
struct LoadPlanTests {
    private func file(_ change: (inout TinyModel) -> Void = { _ in }) throws -> GGUFFile {
        var tiny = TinyModel(.llama)
        change(&tiny)
        let folder = try TemporaryFolder()
        return try GGUFFile(path: tiny.write(into: folder))
    }

    @Test("a budget that holds everything leaves the context as it is")
    func fits() throws {
        let plan = try LoadPlan(file(), name: "tiny", options: LoadOptions(memoryBudget: 1 << 30))
        #expect(plan.information.contextLength == 512)
        #expect(plan.information.architecture == "llama")
        #expect(plan.information.memory.total <= 1 << 30)
    }

    @Test("a tight budget cuts the context, and what the plan takes stays within it")
    func cut() throws {
        let whole = try LoadPlan(
            file { $0.contextLength = 8192 }, name: "tiny", options: LoadOptions(memoryBudget: 1 << 30))
        let fixed = whole.information.memory.weights + whole.information.memory.scratch
        let budget = fixed + UInt64(whole.cacheBytes) / 16
        let plan = try LoadPlan(
            file { $0.contextLength = 8192 }, name: "tiny", options: LoadOptions(memoryBudget: budget))
        #expect(plan.information.contextLength < 8192)
        #expect(plan.information.contextLength >= 256)
        #expect(plan.information.trainedContextLength == 8192)
        #expect(plan.information.memory.total <= budget)
    }

    @Test("a budget too small for any context is refused with both numbers")
    func refused() throws {
        let error = #expect(throws: InferenceError.self) {
            try LoadPlan(file(), name: "tiny", options: LoadOptions(memoryBudget: 100_000))
        }
        guard case .insufficientMemory(let needed, let budget) = error else {
            Issue.record("not the error that was expected: \(String(describing: error))")
            return
        }
        #expect(budget == 100_000)
        #expect(needed > 100_000)
        #expect(throws: Never.self) {
            try LoadPlan(file(), name: "tiny", options: LoadOptions(memoryBudget: needed))
        }
    }

    @Test("the context is what was asked for, but never longer than the model's own")
    func asked() throws {
        let plan = { (length: Int) in
            try LoadPlan(
                file(), name: "tiny", options: LoadOptions(contextLength: length, memoryBudget: 1 << 30))
        }
        #expect(try plan(300).information.contextLength == 300)
        #expect(try plan(10_000).information.contextLength == 512)
    }

    @Test("the cache holds one full context at least, and every turn's at most")
    func cacheBytes() {
        let room = CacheRoom(blockBytes: 1000, fixed: 0, budget: 1_000_000)
        #expect(room.bytes(contextLength: 64, turns: 4) == 8000)
        #expect(room.bytes(contextLength: 6400, turns: 4) == 250_000)
        #expect(room.bytes(contextLength: 60_000, turns: 4) == 939_000)
    }
}
