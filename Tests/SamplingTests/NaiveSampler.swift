@testable import Sampling

/// What a sampler must do, in the plainest words: sort everything, cut, draw. The reference for the fast one.
struct NaiveSampler {
    let parameters: SamplingParameters
    var random: RandomSource
    var prompt: [Int32] = []
    var generated: [Int32] = []

    init(_ parameters: SamplingParameters) {
        self.parameters = parameters
        random = RandomSource(seed: parameters.seed)
    }

    func adjusted(_ logits: [Float]) -> [Float] {
        var logits = logits.map { $0.isNaN ? -Float.infinity : $0 }
        for (token, bias) in parameters.logitBias { logits[Int(token)] += bias }
        if parameters.repetitionPenalty != 1 {
            for token in Set((prompt + generated).suffix(parameters.repetitionWindow)) {
                let logit = logits[Int(token)]
                logits[Int(token)] =
                    logit > 0 ? logit / parameters.repetitionPenalty : logit * parameters.repetitionPenalty
            }
        }
        for token in Set(generated) {
            let count = Float(generated.filter { $0 == token }.count)
            logits[Int(token)] -= parameters.presencePenalty + parameters.frequencyPenalty * count
        }
        return logits
    }

    /// The tokens that the filters leave, ascending, and their probabilities at the draw.
    func distribution(_ logits: [Float]) -> [(token: Int, probability: Double)] {
        let logits = adjusted(logits)
        var order = logits.indices.filter { logits[$0] > -.infinity }
        order.sort { (logits[$0], $1) > (logits[$1], $0) }
        let maximum = logits[order[0]]
        func weight(_ token: Int) -> Double { Double(Exponential.of(logits[token] - maximum)) }
        if parameters.topK > 0 { order = Array(order.prefix(parameters.topK)) }
        if parameters.topP < 1 {
            let target = Double(parameters.topP) * order.reduce(0) { $0 + weight($1) }
            var sum = 0.0
            let last = order.firstIndex { token in
                sum += weight(token)
                return sum >= target
            }
            order = Array(order.prefix((last ?? order.count - 1) + 1))
        }
        order.removeAll { weight($0) < Double(parameters.minP) }
        if parameters.temperature == 0 { order = [order[0]] }
        let weights = order.sorted().map { token in
            parameters.temperature == 0
                ? (token, 1) : (token, Double(Exponential.of((logits[token] - maximum) / parameters.temperature)))
        }
        let total = weights.reduce(0) { $0 + $1.1 }
        return weights.map { ($0.0, $0.1 / total) }
    }

    mutating func sample(_ logits: [Float]) -> Int32 {
        let choices = distribution(logits)
        guard choices.count > 1 else { return Int32(choices[0].token) }
        var left = random.nextUnit()
        for (token, probability) in choices {
            left -= probability
            if left < 0 { return Int32(token) }
        }
        return Int32(choices[choices.count - 1].token)
    }
}

/// Logits as a model might give them: a bell with a heavy head, from a fixed seed.
func randomLogits(_ count: Int, seed: UInt64, spread: Float = 3) -> [Float] {
    var random = RandomSource(seed: seed)
    return (0..<count).map { _ in
        let bell = (0..<4).reduce(0.0) { sum, _ in sum + random.nextUnit() } - 2
        return Float(bell) * spread
    }
}

extension Sampler {
    /// The last token that the filters keep of logits which no penalty changes.
    mutating func lastKept(of logits: inout [Float]) -> RankKey {
        logits.withUnsafeMutableBufferPointer { buffer in
            maxima.update(buffer)
            return lastKept(of: buffer)
        }
    }

    /// `sample` on a copy.
    mutating func sample(copyOf logits: [Float]) throws(SamplingError) -> Int32 {
        var copy = logits
        // A typed throw does not pass through `withUnsafe…`: carried out as a result.
        let result = copy.withUnsafeMutableBufferPointer { buffer -> Result<Int32, SamplingError> in
            do throws(SamplingError) { return .success(try sample(buffer)) } catch { return .failure(error) }
        }
        return try result.get()
    }
}
