/// How the next token is chosen from a model's logits. A value of this type is always within its ranges (`Limits`).
///
/// The steps run in llama.cpp's order: logit bias, penalties, top-k, top-p, min-p, temperature, draw. So top-p and
/// min-p see the model's own distribution, and temperature reshapes only what they left.
///
/// If you are not sure, choose `SamplingParameters.greedy`: same prompt, same answer.
public struct SamplingParameters: Sendable, Hashable {
    /// 0: the likeliest token always (greedy). 1: the model's own distribution. Higher: flatter.
    public let temperature: Float
    /// Only this many of the likeliest tokens stay; 0: all.
    public let topK: Int
    /// Of what top-k left, the smallest set of the likeliest tokens that holds this much probability; 1: all.
    public let topP: Float
    /// Tokens less likely than this share of the likeliest token's probability go; 0: none.
    public let minP: Float
    /// Positive logits of the window's tokens are divided by this, others multiplied (Keskar et al. 2019, "CTRL"); 1: off.
    public let repetitionPenalty: Float
    /// How many of the last tokens, prompt included, the repetition penalty looks at; 0: off.
    public let repetitionWindow: Int
    /// Taken from the logit of every token that was generated before (prompt not counted, as in OpenAI's API).
    public let presencePenalty: Float
    /// Taken from a token's logit once for every time that it was generated.
    public let frequencyPenalty: Float
    /// Added to the logits of these tokens.
    public let logitBias: [Int32: Float]
    /// Start of the random sequence: same seed and same logits, same tokens, on every platform.
    public let seed: UInt64

    /// The likeliest token at every step.
    public static let greedy = SamplingParameters()

    /// Checks every range. `topP` is clamped to 0…1 rather than refused, and a `topK` below 0 counts as 0, because
    /// clients send both to say "off".
    public init(
        temperature: Float = 0, topK: Int = 0, topP: Float = 1, minP: Float = 0, repetitionPenalty: Float = 1,
        repetitionWindow: Int = 64, presencePenalty: Float = 0, frequencyPenalty: Float = 0,
        logitBias: [Int32: Float] = [:], seed: UInt64 = 0
    ) throws(SamplingError) {
        self.temperature = try Self.checked(temperature, in: Limits.temperature, name: "temperature")
        self.topK = max(0, topK)
        guard !topP.isNaN else {
            throw .outOfRange(name: "top_p", found: "not a number", allowed: "between 0 and 1")
        }
        self.topP = min(max(topP, 0), 1)
        self.minP = try Self.checked(minP, in: Limits.minP, name: "min_p")
        self.repetitionPenalty = try Self.checked(
            repetitionPenalty, in: Limits.repetitionPenalty, name: "repeat_penalty")
        self.repetitionWindow = try Self.checked(repetitionWindow, in: Limits.repetitionWindow, name: "repeat_last_n")
        self.presencePenalty = try Self.checked(presencePenalty, in: Limits.penalty, name: "presence_penalty")
        self.frequencyPenalty = try Self.checked(frequencyPenalty, in: Limits.penalty, name: "frequency_penalty")
        guard logitBias.count <= Limits.logitBiasCount else {
            throw .outOfRange(
                name: "logit_bias", found: "\(logitBias.count) tokens long",
                allowed: "at most \(Limits.logitBiasCount) tokens long")
        }
        for bias in logitBias.values { _ = try Self.checked(bias, in: Limits.logitBias, name: "logit_bias") }
        self.logitBias = logitBias
        self.seed = seed
    }

    private init() {
        (temperature, topK, topP, minP) = (0, 0, 1, 0)
        (repetitionPenalty, repetitionWindow, presencePenalty, frequencyPenalty) = (1, 0, 0, 0)
        (logitBias, seed) = ([:], 0)
    }

    private static func checked<Value: Comparable>(
        _ value: Value, in range: ClosedRange<Value>, name: String
    ) throws(SamplingError) -> Value {
        // A NaN is in no range, so it is refused here too.
        guard range.contains(value) else {
            throw .outOfRange(
                name: name, found: "\(value)", allowed: "between \(range.lowerBound) and \(range.upperBound)")
        }
        return value
    }
}
