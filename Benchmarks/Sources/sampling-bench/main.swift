import Sampling

// sampling-bench [vocabulary]: what one step of sampling takes with each set of parameters, best and median of 31, over
// peaked logits (a few hundred tokens share the probability) and near-flat ones (all of them do, as with random weights).

let vocabulary = CommandLine.arguments.dropFirst().compactMap { Int($0) }.first ?? 151_936

let cases: [(String, SamplingParameters)] = [
    ("greedy", .greedy),
    ("top-k 40", try SamplingParameters(temperature: 0.7, topK: 40)),
    (
        "top-k 40, top-p 0.9, repetition",
        try SamplingParameters(temperature: 0.7, topK: 40, topP: 0.9, repetitionPenalty: 1.1)
    ),
    ("temperature 1", try SamplingParameters(temperature: 1)),
    ("temperature 0.7", try SamplingParameters(temperature: 0.7)),
    ("min-p 0.05", try SamplingParameters(temperature: 0.7, minP: 0.05)),
    ("top-p 0.9", try SamplingParameters(temperature: 0.7, topP: 0.9)),
    ("top-p 0.1", try SamplingParameters(temperature: 0.7, topP: 0.1)),
]

/// Sums of uniform numbers: a bell.
var random = RandomSource(seed: 1)
let bell = (0..<vocabulary).map { _ in Float((0..<4).reduce(0.0) { sum, _ in sum + random.nextUnit() } - 2) }
let shapes: [(String, [Float])] = [
    ("peaked", bell.map { $0 * 6 }), ("near flat", bell.map { $0 * 0.5 }),
    ("equal", bell.map { _ in 0 }),
]
let memory = UnsafeMutableBufferPointer<Float>.allocate(capacity: vocabulary)
defer { memory.deallocate() }

/// Microseconds, best and median, of work on a copy of the logits.
func measured(_ logits: [Float], _ memory: UnsafeMutableBufferPointer<Float>, _ work: () -> Void) -> String {
    var times: [Double] = []
    for run in 0..<31 {
        // Turned round a bit more each time, or the processor learns by heart where branches go.
        let first = run * 4099 % logits.count
        _ = memory.update(from: logits[first...] + logits[..<first])
        let took = ContinuousClock().measure(work)
        times.append(Double(took.components.seconds) * 1e6 + Double(took.components.attoseconds) * 1e-12)
    }
    times.sort()
    func text(_ value: Double) -> String {
        let micros = Int(value.rounded())
        return String(repeating: " ", count: max(0, 8 - "\(micros)".utf8.count)) + "\(micros)"
    }
    return text(times[0]) + text(times[15])
}

for (shape, logits) in shapes {
    print("\(shape) logits, \(vocabulary) of them: microseconds, best and median")
    for (name, parameters) in cases {
        var sampler = try Sampler(parameters, vocabularySize: vocabulary)
        sampler.acceptPrompt(0..<64)
        let times = measured(logits, memory) {
            if (try? sampler.sample(memory)) == nil { preconditionFailure("there are candidates") }
        }
        print("  " + name + String(repeating: " ", count: 34 - name.utf8.count) + times)
    }
    let times = measured(logits, memory) { _ = LogProbabilities(memory).top(20, in: memory) }
    print("  log-probabilities of the 20 likeliest" + times.dropFirst(3))
}
