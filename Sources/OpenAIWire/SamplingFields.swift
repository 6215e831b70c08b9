import OrderedCollections
import OrderedJSON

/// The fields of a request that say how tokens are chosen. Types are checked here, ranges by whoever samples.
public struct SamplingFields: Sendable, Hashable {
    /// `temperature`.
    public var temperature: Double?
    /// `top_p`.
    public var topP: Double?
    /// `top_k`, an extra.
    public var topK: Int?
    /// `min_p`, an extra.
    public var minP: Double?
    /// `presence_penalty`.
    public var presencePenalty: Double?
    /// `frequency_penalty`.
    public var frequencyPenalty: Double?
    /// `repetition_penalty` or `repeat_penalty`, an extra.
    public var repetitionPenalty: Double?
    /// Which of the two names the client has used for it.
    public var repetitionPenaltyName: String
    /// `logit_bias`: token id → bias.
    public var logitBias: [Int32: Double]
    /// `seed`.
    public var seed: Int?

    init(_ fields: JSONObjectReader) throws(JSONFieldError) {
        temperature = try fields.number("temperature")
        topP = try fields.number("top_p")
        topK = try fields.integer("top_k")
        minP = try fields.number("min_p")
        presencePenalty = try fields.number("presence_penalty")
        frequencyPenalty = try fields.number("frequency_penalty")
        let repetition = try fields.number("repetition_penalty")
        let repeated = try fields.number("repeat_penalty")
        repetitionPenalty = repetition ?? repeated
        repetitionPenaltyName = repetition == nil ? "repeat_penalty" : "repetition_penalty"
        seed = try fields.integer("seed")
        logitBias = [:]
        guard let biases = try fields.object("logit_bias") else { return }
        for key in biases.members.keys {
            guard let token = Int32(key), token >= 0 else {
                throw biases.error(key, "is not a token id")
            }
            logitBias[token] = try biases.required(key, biases.number(key))
        }
    }
}
