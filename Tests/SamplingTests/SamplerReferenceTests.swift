import Foundation
import Testing

@testable import Sampling

@Suite("The fast sampler chooses what the naive one chooses")
struct SamplerReferenceTests {
    static let cases: [(String, SamplingParameters)] = {
        func make(
            _ name: String, temperature: Float = 1, topK: Int = 0, topP: Float = 1, minP: Float = 0,
            repetition: Float = 1, window: Int = 64, presence: Float = 0, frequency: Float = 0,
            bias: [Int32: Float] = [:]
        ) -> (String, SamplingParameters)? {
            (try? SamplingParameters(
                temperature: temperature, topK: topK, topP: topP, minP: minP, repetitionPenalty: repetition,
                repetitionWindow: window, presencePenalty: presence, frequencyPenalty: frequency, logitBias: bias,
                seed: 7)).map { (name, $0) }
        }
        return [
            make("greedy", temperature: 0),
            make("greedy with penalties", temperature: 0, repetition: 1.3, presence: 0.5),
            make("plain"), make("cold", temperature: 0.2), make("hot", temperature: 2),
            make("tiny", temperature: 1e-20),
            make("top-k 1", topK: 1), make("top-k 2", topK: 2), make("top-k 40", topK: 40),
            make("top-k 900", topK: 900), make("top-k huge", topK: 1 << 40),
            make("top-p 0", topP: 0), make("top-p 0.1", topP: 0.1), make("top-p 0.9", topP: 0.9),
            make("top-p 0.9999", topP: 0.9999),
            make("min-p 0.05", minP: 0.05), make("min-p 1", minP: 1),
            make("top-k, top-p, min-p", temperature: 0.8, topK: 40, topP: 0.9, minP: 0.02),
            make(
                "all of it", temperature: 0.8, topK: 200, topP: 0.95, minP: 0.01, repetition: 1.2, window: 5,
                presence: 0.3, frequency: 0.2, bias: [3: 4, 17: -100, 40: 1.5]),
            make("negative penalties", repetition: 0.8, window: 100, presence: -1, frequency: -0.5),
        ].compactMap { $0 }
    }()

    @Test("same tokens", arguments: cases.indices, [1, 63, 64, 65, 1000, 5003])
    func sameTokens(index: Int, size: Int) throws {
        let (name, all) = Self.cases[index]
        let parameters = try SamplingParameters(
            temperature: all.temperature, topK: all.topK, topP: all.topP, minP: all.minP,
            repetitionPenalty: all.repetitionPenalty, repetitionWindow: all.repetitionWindow,
            presencePenalty: all.presencePenalty, frequencyPenalty: all.frequencyPenalty,
            logitBias: all.logitBias.filter { Int($0.key) < size }, seed: all.seed)
        var naive = NaiveSampler(parameters)
        var fast = try Sampler(parameters, vocabularySize: size)
        naive.prompt = [0, 0, Int32(size / 2)]
        fast.acceptPrompt(naive.prompt)
        for step in 0..<30 {
            var logits = randomLogits(size, seed: UInt64(step % 15), spread: step < 15 ? 3 : 0.5)
            if step % 7 == 0 { logits = logits.map { ($0 * 2).rounded() } }  // many ties
            if step % 11 == 0, size > 1 { logits[size - 1] = .nan }
            if step % 13 == 0, size > 1 { logits[0] = -.infinity }
            let expected = naive.sample(logits)
            // The naive one draws no number when only one token is left; the fast one may.
            fast.random = naive.distribution(logits).count > 1 ? fast.random : RandomSource(seed: 1)
            let token = try fast.sample(copyOf: logits)
            #expect(token == expected, "\(name), \(size) logits, step \(step)")
            fast.random = naive.random
            naive.generated.append(token)
            fast.accept(token)
        }
    }

    @Test("what the filters leave is the same set", arguments: cases.indices)
    func sameSet(index: Int) throws {
        let (name, parameters) = Self.cases[index]
        for seed in 0..<20 as Range<UInt64> {
            var logits = randomLogits(3000, seed: seed, spread: seed % 2 == 0 ? 4 : 0.1)
            if seed % 5 == 0 { logits = logits.map { $0.rounded() } }
            var fast = try Sampler(parameters, vocabularySize: logits.count)
            let naive = NaiveSampler(parameters)
            var adjusted = naive.adjusted(logits)
            let last = fast.lastKept(of: &adjusted)
            guard parameters.temperature > 0 else { continue }
            let kept = adjusted.indices.filter { RankKey(logit: adjusted[$0], token: $0) <= last }
            #expect(kept == naive.distribution(logits).map(\.token), "\(name), seed \(seed)")
        }
    }

    static let shapes: [(String, @Sendable (Float) -> Float)] = [
        ("equal", { _ in -3 }), ("nearly equal", { $0 * 1e-5 }), ("flat", { $0 * 0.1 }), ("near flat", { $0 * 0.5 }),
        ("peaked", { $0 * 4 }), ("steep", { $0 * $0 * $0 * 20 }), ("tied", { ($0 * 2).rounded() }),
        ("ties at the top", { min($0, 1.2) }), ("two heights", { $0 > 1.5 ? 4 : 0 }),
        ("far below 0", { $0 * 3 - 2000 }), ("one alone", { $0 > 1.99 ? 900 : $0 }),
    ]

    /// Rounding may move the cut by tokens that together weigh no more than a millionth.
    @Test("top-p keeps the shortest head that holds p, by doubles and a sort", arguments: shapes.indices)
    func topP(shape: Int) throws {
        let (name, height) = Self.shapes[shape]
        for size in [1, 63, 64, 1000, 5003, 20_011] {
            var logits = randomLogits(size, seed: UInt64(size), spread: 1).map(height)
            for index in logits.indices where index % 17 == 3 { logits[index] = index % 2 == 0 ? .nan : -.infinity }
            let ranked = logits.indices.filter { logits[$0] > -.infinity }
                .sorted { (logits[$0], $1) > (logits[$1], $0) }
            let weights = ranked.map { exp(Double(logits[$0]) - Double(logits[ranked[0]])) }
            let total = weights.reduce(0, +)
            for topP: Float in [0, 0.1, 0.5, 0.9, 0.999] {
                let parameters = try SamplingParameters(temperature: 1, topP: topP)
                var sampler = try Sampler(parameters, vocabularySize: size)
                let last = sampler.lastKept(of: &logits)
                let count = ranked.prefix { RankKey(logit: logits[$0], token: $0) <= last }.count
                let mass = weights.prefix(count).reduce(0, +) / total
                let place = "\(name), \(size) logits, top-p \(topP): \(count) kept"
                #expect(count > 0 && mass >= Double(topP) - 1e-6, "\(place), too few")
                #expect(count == 1 || mass - weights[count - 1] / total < Double(topP) + 1e-6, "\(place), too many")
            }
        }
    }

    @Test("a cut through any keys is the sorted one's")
    func cuts() {
        var random = RandomSource(seed: 3)
        for round in 0..<300 {
            let count = 1 + Int(random.next() % 500)
            let spread: UInt64 = round % 3 == 0 ? 4 : round % 3 == 1 ? 1 << 20 : .max
            let keys = (0..<count).map { _ in RankKey(bits: random.next() % spread &+ (round % 2 == 0 ? 0 : 1 << 63)) }
            let target = Double(1 + random.next() % UInt64(count))
            let sorted = keys.sorted()
            #expect(RankKey.cut(keys, target: target) { _ in 1 } == sorted[Int(target) - 1])
            #expect(RankKey.cut(keys, target: Double(count + 5)) { _ in 1 } == sorted[count - 1])
        }
        #expect(RankKey.cut([], target: 1) { _ in 1 } == nil)
    }

    @Test("a rank key keeps its logit and token and orders as floats do")
    func rankKeys() {
        let logits: [Float] = [.greatestFiniteMagnitude, 3, 0x1p-126, 0, -0x1p-126, -2, -.greatestFiniteMagnitude]
        let keys = logits.enumerated().map { RankKey(logit: $1, token: 1000 - $0) }
        #expect(keys == keys.sorted())
        #expect(keys.map(\.logit) == logits)
        #expect(keys.map(\.token) == logits.indices.map { 1000 - $0 })
        #expect(RankKey(logit: -0.0, token: 1) < RankKey(logit: 0.0, token: 2))
    }
}
