import GGUF
import Tensors
import TestModels
import Testing

@testable import Transformers

@Suite("Steps of a model")
struct ForwardTests {
    static let models: [TinyModel] = TinyModel.Family.allCases.flatMap { family in
        [TensorType.f32, .q8_0, .q4_K].map { TinyModel(family, weights: $0) }
    }

    @Test("a batch of sequences gives the bits of single runs", arguments: models)
    func batches(model: TinyModel) throws {
        let fixture = try Fixture(model)
        let prompts = [1, 70, 5, 130, 64].enumerated().map { fixture.tokens($1, seed: UInt64($0)) }
        let single = try prompts.map { try fixture.logits(fixture.cache.open([]), $0) }
        let sequences = prompts.map { _ in fixture.cache.open([]) }
        var done = [Int](repeating: 0, count: prompts.count)
        var step = 0
        // Interleaved: a few tokens of each prompt per step, of some prompts one, as while others decode.
        while zip(done, prompts).contains(where: { $0 < $1.count }) {
            var entries: [Batch.Entry] = []
            var places: [(Int, Int)] = []
            for (index, prompt) in prompts.enumerated() where done[index] < prompt.count {
                let count = min(prompt.count - done[index], (index + step) % 3 == 0 ? 1 : 17)
                entries.append(
                    .init(sequences[index], prompt[done[index]..<done[index] + count], logits: .last))
                done[index] += count
                places.append((index, done[index] - 1))
            }
            let logits = try fixture.model.forward(Batch(entries), cache: fixture.cache, in: fixture.context)
            for (row, place) in places.enumerated() {
                #expect(Array(logits[row]) == single[place.0][place.1], "prompt \(place.0), token \(place.1)")
            }
            step += 1
        }
    }

    @Test("a prompt in chunks gives the bits of one chunk", arguments: models)
    func chunks(model: TinyModel) throws {
        let fixture = try Fixture(model)
        let prompt = fixture.tokens(100, seed: 3)
        let whole = try fixture.logits(fixture.cache.open([]), prompt)
        for chunk in [1, 7, 64, 99] {
            #expect(try fixture.logits(fixture.cache.open([]), prompt, chunk: chunk) == whole, "chunks of \(chunk)")
        }
        #expect(Set(whole).count == 100, "every position has logits of its own")
    }

    @Test("logits of the last tokens alone are those of all, and none costs nothing", arguments: models)
    func lastRows(model: TinyModel) throws {
        let fixture = try Fixture(model)
        let (a, b) = (fixture.tokens(40, seed: 4), fixture.tokens(30, seed: 5))
        let all = (try fixture.logits(fixture.cache.open([]), a), try fixture.logits(fixture.cache.open([]), b))
        let sequences = (0..<4).map { _ in fixture.cache.open([]) }
        let logits = try fixture.model.forward(
            Batch([
                .init(sequences[0], a, logits: .none), .init(sequences[1], a, logits: .lastFew(3)),
                .init(sequences[2], b, logits: .last),
            ]), cache: fixture.cache, in: fixture.context)
        #expect(logits.count == 4)
        #expect(logits.rows(ofEntry: 0).isEmpty && logits.rows(ofEntry: 1) == 0..<3 && logits.rows(ofEntry: 2) == 3..<4)
        #expect((0..<3).map { Array(logits[$0]) } == Array(all.0.suffix(3)))
        #expect(Array(logits[3]) == all.1[29])
        // What was computed without logits is there for the next token.
        let next = try fixture.logits(sequences[0], [9])
        #expect(try fixture.logits(fixture.cache.open([]), a + [9])[40] == next[0])
    }

    @Test("a taken-up prefix gives the bits of a cold run", arguments: models)
    func prefixReuse(model: TinyModel) throws {
        let fixture = try Fixture(model)
        let system = fixture.tokens(90, seed: 6)
        let first = system + fixture.tokens(50, seed: 7)
        let second = system + fixture.tokens(60, seed: 8)
        let expected = try Self.coldRun(model, second)
        let sequence = fixture.cache.open(first)
        #expect(sequence.reusedCount == 0)
        _ = try fixture.logits(sequence, first)
        fixture.cache.close(sequence)
        let other = fixture.cache.open(second)
        #expect(other.reusedCount == 90, "64 by a shared block, 26 by a copy of the next")
        #expect(try fixture.logits(other, Array(second[90...])) == Array(expected[90...]))
        // The next turn of the first conversation: all of it is there, its last block is gone on with in place.
        let turn = first + fixture.tokens(20, seed: 9)
        let again = fixture.cache.open(turn)
        #expect(again.reusedCount == 140)
        #expect(try fixture.logits(again, Array(turn[140...])) == Array(Self.coldRun(model, turn)[140...]))
        // The same prompt again: all but the last token.
        fixture.cache.close(again)
        #expect(fixture.cache.open(first).reusedCount == 139)
    }

    @Test("a fork goes on like a copy, and neither disturbs the other", arguments: models)
    func fork(model: TinyModel) throws {
        let fixture = try Fixture(model)
        let prompt = fixture.tokens(75, seed: 10)
        let (left, right) = (fixture.tokens(80, seed: 11), fixture.tokens(80, seed: 12))
        let sequence = fixture.cache.open([])
        _ = try fixture.logits(sequence, prompt)
        let copy = fixture.cache.fork(sequence)
        var outputs: ([[Float]], [[Float]]) = ([], [])
        for index in 0..<80 {
            outputs.0 += try fixture.logits(sequence, [left[index]])
            outputs.1 += try fixture.logits(copy, [right[index]])
        }
        #expect(outputs.0 == Array(try Self.coldRun(model, prompt + left)[75...]))
        #expect(outputs.1 == Array(try Self.coldRun(model, prompt + right)[75...]))
        // Back to the fork's point and on with the other's tokens.
        fixture.cache.truncate(sequence, to: 75)
        #expect(try fixture.logits(sequence, right) == outputs.1)
    }

    @Test("a cancelled step leaves its sequences as they were")
    func cancellation() throws {
        let model = TinyModel(.qwen3)
        let fixture = try Fixture(model)
        let prompt = fixture.tokens(70, seed: 13)
        let sequence = fixture.cache.open(prompt)
        _ = try fixture.logits(sequence, Array(prompt[..<20]))
        for layersFirst in 0...2 {
            var asked = 0
            #expect(throws: ForwardError.cancelled) {
                try fixture.model.forward(
                    Batch([.init(sequence, prompt[20...])]), cache: fixture.cache, in: fixture.context
                ) {
                    asked += 1
                    return asked > layersFirst
                }
            }
            #expect(asked == layersFirst + 1, "asked once before each of two layers and once before the logits")
            #expect(sequence.count == 20 && sequence.list.blocks.count == 1)
        }
        #expect(
            try fixture.logits(sequence, Array(prompt[20...])) == Array(Self.coldRun(model, prompt)[20...]))
    }

    @Test("no room, and tokens that do not exist, are errors that change nothing")
    func refusals() throws {
        let fixture = try Fixture(TinyModel(.llama), cacheBlocks: 3)
        let (a, b) = (fixture.cache.open([]), fixture.cache.open([]))
        let size = fixture.model.hyperparameters.vocabularySize
        for token in [-1, Int32(size)] {
            #expect(throws: ForwardError.unknownToken(token: token, vocabularySize: size)) {
                try fixture.model.forward(
                    Batch([.init(a, [0, token])]), cache: fixture.cache, in: fixture.context)
            }
        }
        #expect(throws: ForwardError.cache(.full(blocksNeeded: 2, blocksAvailable: 1))) {
            try fixture.model.forward(
                Batch([.init(a, fixture.tokens(128, seed: 1)), .init(b, fixture.tokens(65, seed: 1))]),
                cache: fixture.cache, in: Fixture(TinyModel(.llama), rows: 256).context)
        }
        #expect(a.count == 0 && fixture.cache.usedBytes == 0)
        #expect(fixture.cache.availableTokens == 192)
    }

    @Test("threads and kernel levels of one machine agree", arguments: TinyModel.Family.allCases)
    func threads(family: TinyModel.Family) throws {
        let model = TinyModel(family, weights: .q8_0)
        let prompt = try Fixture(model).tokens(100, seed: 14)
        let runs = try [1, 2, 3].map { threads in
            let fixture = try Fixture(model, threads: threads)
            return try fixture.logits(fixture.cache.open([]), prompt)
        }
        #expect(runs[0] == runs[1] && runs[0] == runs[2])
    }

    @Test("biases, an output matrix and F16 norms of a llama model count")
    func optionalTensors() throws {
        var tiny = TinyModel(.llama)
        let plain = try Fixture(tiny)
        let prompt = plain.tokens(20, seed: 15)
        let base = try plain.logits(plain.cache.open([]), prompt)
        tiny.tiedEmbeddings = false
        let untied = try Fixture(tiny)
        #expect(try untied.logits(untied.cache.open([]), prompt) != base)
        tiny.tiedEmbeddings = true
        var seen: [[[Float]]] = [base]
        for tensor in [
            TensorName.BlockTensor.attentionQuery, .attentionKey, .attentionValue, .attentionOutput, .feedForwardGate,
            .feedForwardUp, .feedForwardDown,
        ] {
            var builder = tiny.builder()
            let rows = try #require(
                builder.tensors.first { $0.name == Array(TensorName.block(1, tensor).utf8) }?.dimensions[1])
            builder.addTensor(
                TensorName.block(1, tensor, .bias), type: .f16, dimensions: [Int(rows)],
                // 0x3800: 0.5 in binary16; every other one, so that no norm removes it.
                bytes: (0..<Int(rows)).flatMap { $0 % 2 == 0 ? [0x00, 0x38] : [0, 0] as [UInt8] })
            let fixture = try Fixture(builder)
            seen.append(try fixture.logits(fixture.cache.open([]), prompt))
        }
        #expect(Set(seen).count == 8, "every bias changes the logits in its own way")
    }

    private static func coldRun(_ model: TinyModel, _ tokens: [Int32]) throws -> [[Float]] {
        let fixture = try Fixture(model)
        return try fixture.logits(fixture.cache.open([]), tokens)
    }
}
