import Testing

@testable import Sampling

@Suite("Edges of sampling")
struct SamplerEdgeTests {
    @Test(
        "all NaN or −∞ is an error, and the random sequence stays where it was",
        arguments: [Float.nan, -Float.infinity])
    func noCandidate(value: Float) throws {
        for parameters in [SamplingParameters.greedy, try SamplingParameters(temperature: 1, topK: 3)] {
            var sampler = try Sampler(parameters, vocabularySize: 100)
            let before = sampler.random
            #expect(throws: SamplingError.noCandidate(vocabularySize: 100)) {
                try sampler.sample(copyOf: [Float](repeating: value, count: 100))
            }
            #expect(sampler.random == before)
        }
    }

    @Test("one usable logit among NaN is chosen, wherever it stands")
    func oneUsable() throws {
        for place in [0, 1, 63, 64, 127, 128, 130] {
            for parameters in [
                SamplingParameters.greedy, try SamplingParameters(temperature: 1),
                try SamplingParameters(temperature: 1, topK: 4, topP: 0.5),
                try SamplingParameters(temperature: 2, minP: 0.1), try SamplingParameters(temperature: 2, topP: 0.99),
            ] {
                var logits = [Float](repeating: .nan, count: 131)
                logits[place] = -5000
                var sampler = try Sampler(parameters, vocabularySize: 131)
                #expect(try sampler.sample(copyOf: logits) == Int32(place))
            }
        }
    }

    @Test("+∞ wins over everything, and several share the draw")
    func infinity() throws {
        var logits = [Float](repeating: 3e38, count: 70)
        logits[5] = .infinity
        logits[66] = .infinity
        var greedy = try Sampler(.greedy, vocabularySize: 70)
        #expect(try greedy.sample(copyOf: logits) == 5)
        for parameters in [
            try SamplingParameters(temperature: 1), try SamplingParameters(temperature: 1, topP: 0.9),
            try SamplingParameters(temperature: 1, topK: 9),
        ] {
            var sampler = try Sampler(parameters, vocabularySize: 70)
            var seen: Set<Int32> = []
            for _ in 0..<50 { seen.insert(try sampler.sample(copyOf: logits)) }
            #expect(seen == [5, 66])
        }
    }

    @Test("equal logits: greedy takes the lowest token, top-k the lowest k")
    func ties() throws {
        let logits = [Float](repeating: 1.5, count: 1000)
        var greedy = try Sampler(.greedy, vocabularySize: 1000)
        #expect(try greedy.sample(copyOf: logits) == 0)
        var sampler = try Sampler(try SamplingParameters(temperature: 1, topK: 3), vocabularySize: 1000)
        var seen: Set<Int32> = []
        for _ in 0..<100 { seen.insert(try sampler.sample(copyOf: logits)) }
        #expect(seen == [0, 1, 2])
    }

    @Test("same seed, same tokens; another seed, others; the first draws are pinned for every platform")
    func determinism() throws {
        let logits = randomLogits(4096, seed: 1)
        func draw(seed: UInt64) throws -> [Int32] {
            var sampler = try Sampler(
                try SamplingParameters(temperature: 1, topK: 50, topP: 0.95, seed: seed), vocabularySize: 4096)
            return try (0..<20).map { _ in try sampler.sample(copyOf: logits) }
        }
        #expect(try draw(seed: 5) == draw(seed: 5))
        #expect(try draw(seed: 5) != draw(seed: 6))
        let first = try Array(draw(seed: 5).prefix(8))
        #expect(first == [1352, 2773, 2858, 3268, 2297, 3044, 2296, 3268])
    }

    /// SplitMix64 started at 0 gives E220A8397B1DCDAF, 6E789E6AA1B965F4, … (its authors' reference code); the first
    /// output of xoshiro256** depends on the second word of the state alone.
    @Test("the generator is xoshiro256** seeded by SplitMix64")
    func generator() {
        var source = RandomSource(seed: 0)
        func rotate(_ x: UInt64, _ k: UInt64) -> UInt64 { x << k | x >> (64 - k) }
        #expect(source.next() == rotate(0x6E78_9E6A_A1B9_65F4 &* 5, 7) &* 9)
        var unit = RandomSource(seed: 9)
        for _ in 0..<1000 {
            let value = unit.nextUnit()
            #expect(value >= 0 && value < 1)
        }
    }

    @Test("a penalty touches the window's tokens alone")
    func window() throws {
        let parameters = try SamplingParameters(repetitionPenalty: 2, repetitionWindow: 2)
        var sampler = try Sampler(parameters, vocabularySize: 4)
        sampler.acceptPrompt([3, 3, 2])
        let logits: [Float] = [1, 1.5, 2.5, 2.6]
        #expect(try sampler.sample(copyOf: logits) == 1)
        sampler.accept(1)  // the window is now [2, 1]
        #expect(try sampler.sample(copyOf: logits) == 3)
        sampler.accept(1)  // [1, 1]
        sampler.accept(0)  // [1, 0]: one of the two 1 has left, the other is still there
        #expect(try sampler.sample(copyOf: [2, 2, 1.5, 0]) == 2)
    }

    @Test("ranges are kept, by name")
    func ranges() throws {
        func name(_ make: () throws(SamplingError) -> SamplingParameters) -> String? {
            do throws(SamplingError) { _ = try make() } catch { return error.parameter }
            return nil
        }
        #expect(name { () throws(SamplingError) in try .init(temperature: 2.1) } == "temperature")
        #expect(name { () throws(SamplingError) in try .init(temperature: -0.1) } == "temperature")
        #expect(name { () throws(SamplingError) in try .init(temperature: .nan) } == "temperature")
        #expect(name { () throws(SamplingError) in try .init(topP: .nan) } == "top_p")
        #expect(name { () throws(SamplingError) in try .init(minP: 1.5) } == "min_p")
        #expect(name { () throws(SamplingError) in try .init(repetitionPenalty: 0) } == "repeat_penalty")
        #expect(name { () throws(SamplingError) in try .init(repetitionWindow: -1) } == "repeat_last_n")
        #expect(name { () throws(SamplingError) in try .init(presencePenalty: 3) } == "presence_penalty")
        #expect(name { () throws(SamplingError) in try .init(frequencyPenalty: -3) } == "frequency_penalty")
        #expect(name { () throws(SamplingError) in try .init(logitBias: [1: 101]) } == "logit_bias")
        let many = Dictionary(uniqueKeysWithValues: (0..<2000).map { (Int32($0), Float(1)) })
        #expect(name { () throws(SamplingError) in try .init(logitBias: many) } == "logit_bias")
        let clamped = try SamplingParameters(topK: -5, topP: 7)
        #expect(clamped.topK == 0 && clamped.topP == 1)
        #expect(throws: SamplingError.unknownToken(token: 50, vocabularySize: 50)) {
            try Sampler(try SamplingParameters(logitBias: [50: 1]), vocabularySize: 50)
        }
    }

    @Test("log-probabilities add up, the top ones come in order, NaN is impossible")
    func logProbabilities() {
        var logits = randomLogits(500, seed: 2)
        logits[77] = .nan
        logits.withUnsafeMutableBufferPointer { logits in
            let probabilities = LogProbabilities(logits)
            let all = probabilities.top(1000, in: logits)
            #expect(all.count == 499)
            #expect(zip(all, all.dropFirst()).allSatisfy { $0.logProbability >= $1.logProbability })
            let sum = all.reduce(0.0) { $0 + Double(Exponential.of($1.logProbability)) }
            #expect(abs(sum - 1) < 1e-5)
            #expect(probabilities.of(77, in: logits) == -.infinity)
            for count in [0, 1, 5, 20] {
                #expect(
                    probabilities.top(count, in: logits).map(\.token) == all.prefix(count).map(\.token), "\(count)")
            }
        }
    }
}
