import GGUF
import OrderedJSON
import TestModels
import Testing
import Tokenization

@testable import Inference

@Suite("Embeddings")
struct EmbeddingTests {
    /// Vectors that Tests/Parity/store.py made of the same models with PyTorch.
    private static let reference = Result {
        let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(1).joined(separator: "/")
        return try JSON(parsing: TemporaryFolder.read(root + "/reference/embeddings.json"))
    }

    private func load(_ family: TinyModel.Family, pooling: UInt32? = nil) throws -> LanguageModel {
        try LoadedTinyModel.load(family, deviation: 0.08) { builder in
            if let pooling {
                builder.set(MetadataKey.poolingType(family.rawValue), .uint32(pooling))
            }
        }
    }

    private func prompts(_ lengths: [Int]) -> [Prompt] {
        lengths.map { length in Prompt(tokens: (0..<length).map { Token(($0 * 31 + length) % 200 + 40) }) }
    }

    @Test(
        "they are those of an independent implementation, in each pooling", arguments: TinyModel.Family.allCases,
        [(nil, "mean"), (0, "mean"), (1, "mean"), (2, "first"), (3, "last")] as [(UInt32?, String)])
    func parity(family: TinyModel.Family, pooling: (number: UInt32?, name: String)) async throws {
        let stored = try #require(try Self.reference.get()[family.rawValue])
        let tokens = try #require(stored["tokens"]?.arrayValue).compactMap { $0.integerValue.map { Token($0) } }
        let expected = try #require(stored[pooling.name]?.arrayValue).compactMap(\.doubleValue)
        #expect(tokens.count == 100 && expected.count == 64)
        let model = try load(family, pooling: pooling.number)
        let found = try await model.embed([Prompt(tokens: tokens)])
        #expect(found.map(\.promptTokens) == [100])
        let values = try #require(found.first).values
        #expect(values.count == model.information.embeddingLength)
        let distance = zip(expected, values).reduce(0) { $0 + ($1.0 - Double($1.1)) * ($1.0 - Double($1.1)) }
        #expect(distance.squareRoot() < 1e-3)
        let length = values.reduce(0) { $0 + Double($1) * Double($1) }
        #expect(abs(length - 1) < 1e-5)
        await model.unload()
    }

    @Test(
        "alone, beside others and beside running turns they have the same bits", arguments: [1, 2, 3] as [UInt32])
    func together(pooling: UInt32) async throws {
        let inputs = prompts([1, 3, 40, 64, 65, 130, 200, 7, 500, 12, 90])
        let model = try load(.qwen3, pooling: pooling)
        var alone: [Embedding] = []
        for input in inputs {
            alone += try await model.embed([input])
        }
        let fresh = try load(.qwen3, pooling: pooling)
        let options = GenerationOptions(maximumTokens: 200, ignoresEndOfGeneration: true)
        async let turn = CollectedTurn(fresh, prompts([30])[0], options)
        async let other = CollectedTurn(fresh, prompts([31])[0], options)
        #expect(try await fresh.embed(inputs) == alone)
        #expect(try await (turn.text, other.text).0 == CollectedTurn(model, prompts([30])[0], options).text)
        // Once more, now that the KV cache has seen them all.
        #expect(try await fresh.embed(inputs) == alone)
        #expect(Set(alone.map(\.values)).count == inputs.count)
        await model.unload()
        await fresh.unload()
    }

    @Test("a text as long as the context is taken, a longer or an empty one is refused, and none is computed")
    func bounds() async throws {
        let model = try load(.llama)
        #expect(try await model.embed(prompts([512])).count == 1)
        #expect(try await model.embed([]).isEmpty)
        await #expect(throws: InferenceError.contextLengthExceeded(prompt: 513, generate: 0, limit: 512)) {
            try await model.embed(prompts([5, 513]))
        }
        await #expect(throws: InferenceError.emptyPrompt) { try await model.embed(prompts([5, 0])) }
        await model.unload()
        await #expect(throws: InferenceError.stopped) { try await model.embed(prompts([5])) }
    }

    @Test("cancelling the task ends them, and the engine serves the next")
    func cancelled() async throws {
        let model = try LoadedTinyModel.load(.llama, LoadOptions(threads: 2, parallelTurns: 1), deviation: 0.08)
        let task = Task { try await model.embed(prompts(Array(repeating: 500, count: 2_000))) }
        // One of its inputs has had its turn when this one has: with one turn at once they take it in order.
        _ = try await model.embed(prompts([5]))
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await model.embed(prompts([5])).count == 1)
        await model.unload()
    }
}
