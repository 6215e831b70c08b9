import Tensors
import Testing

@testable import Sampling

@Suite("Draws follow the exact probabilities")
struct SamplerDistributionTests {
    /// χ² over 20,000 draws with a fixed seed stays below the 99.9 % quantile of its degrees of freedom.
    @Test(
        "chi-square",
        arguments: [
            (Float(1), 0, Float(1), Float(0)), (0.5, 0, 1, 0), (2, 0, 1, 0), (1, 5, 1, 0), (1, 0, 0.8, 0),
            (0.7, 8, 0.9, 0.05),
        ])
    func chiSquare(temperature: Float, topK: Int, topP: Float, minP: Float) throws {
        let parameters = try SamplingParameters(
            temperature: temperature, topK: topK, topP: topP, minP: minP, seed: 11)
        let logits: [Float] = (0..<12).map { Float($0 % 5) * 0.7 - Float($0) * 0.1 }
        let expected = NaiveSampler(parameters).distribution(logits)
        var sampler = try Sampler(parameters, vocabularySize: logits.count)
        var counts = [Int](repeating: 0, count: logits.count)
        let draws = 20_000
        for _ in 0..<draws { counts[Int(try sampler.sample(copyOf: logits))] += 1 }
        var statistic = 0.0
        for (token, probability) in expected {
            let mean = probability * Double(draws)
            statistic += (Double(counts[token]) - mean) * (Double(counts[token]) - mean) / mean
            counts[token] = 0
        }
        #expect(counts.allSatisfy { $0 == 0 }, "a token that the filters removed was drawn")
        // 99.9 % quantiles of χ² for 1 to 11 degrees of freedom.
        let quantiles = [10.83, 13.82, 16.27, 18.47, 20.52, 22.46, 24.32, 26.12, 27.88, 29.59, 31.26]
        #expect(statistic < quantiles[max(1, expected.count - 1) - 1])
    }

    @Test("e^x is within 2⁻²² of the exact value and falls to 0")
    func exponential() {
        // Σ xⁿ/n! in double precision, halved ten times first, is exact enough to judge float32.
        func exact(_ x: Double) -> Double {
            var (term, sum) = (1.0, 1.0)
            for n in 1..<30 {
                term *= x / 1024 / Double(n)
                sum += term
            }
            for _ in 0..<10 { sum *= sum }
            return sum
        }
        for step in 0...8700 {
            let x = -Float(step) / 100
            let value = Double(Exponential.of(x))
            #expect(abs(value / exact(Double(x)) - 1) < 0x1p-22, "\(x)")
            #expect(Exponential.of(x.nextDown) <= Exponential.of(x), "\(x)")
        }
        #expect(Exponential.of(Float(0)) == 1)
        #expect(Exponential.of(Float(-88)) == 0)
        #expect(Exponential.of(-Float.infinity) == 0)
        #expect(Exponential.of(Float.nan) == 0)
    }

    @Test(
        "weights of whole vocabularies are the same exponentials",
        arguments: KernelLevel.allCases.filter(\.isSupported))
    func weights(level: KernelLevel) {
        let operations = LogitOperations(level: level)
        let distances = (0...8900).map { -Float($0) / 100 } + [.nan, -.infinity]
        var weights = distances
        weights.withUnsafeMutableBufferPointer { values in
            let logits = LogitOperations.Logits(
                values, maxima: operations.maxima(of: values), largest: 0, least: -.infinity)
            _ = operations.weigh(logits, scale: 1, lastLogit: -.infinity, lastToken: .max, inPlace: true)
        }
        #expect(weights == distances.map { Exponential.of($0) })
    }
}
