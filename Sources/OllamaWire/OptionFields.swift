import OrderedJSON

/// The `options` of a request, null meaning unset. Unknown ones are ignored.
///
/// `num_ctx` is checked and then ignored, too: a resident model has the longest context that fits the memory budget (or
/// that `--context` allows) from its load to its end, so no value of `num_ctx` could give more, and none reloads it.
public struct OptionFields: Sendable, Hashable {
    /// `temperature`.
    public var temperature: Double?
    /// `top_k`.
    public var topK: Int?
    /// `top_p`.
    public var topP: Double?
    /// `min_p`.
    public var minP: Double?
    /// `repeat_penalty`.
    public var repeatPenalty: Double?
    /// `repeat_last_n`; −1 is the whole context.
    public var repeatLastN: Int?
    /// `presence_penalty`.
    public var presencePenalty: Double?
    /// `frequency_penalty`.
    public var frequencyPenalty: Double?
    /// `seed`; −1 is another one each time.
    public var seed: Int?
    /// `num_predict`; as many as the context holds where it is not above zero, as in Ollama.
    public var numPredict: Int?
    /// `stop`.
    public var stop: [String] = []

    /// The most stop strings in one request: each costs time at every token. Model files in use have ten.
    public static let stopLimit = 64

    init(_ fields: JSONObjectReader?) throws(JSONFieldError) {
        guard let fields else { return }
        temperature = try fields.number("temperature")
        topK = try fields.integer("top_k")
        topP = try fields.number("top_p")
        minP = try fields.number("min_p")
        repeatPenalty = try fields.number("repeat_penalty")
        repeatLastN = try fields.integer("repeat_last_n")
        presencePenalty = try fields.number("presence_penalty")
        frequencyPenalty = try fields.number("frequency_penalty")
        seed = try fields.integer("seed")
        numPredict = try fields.integer("num_predict")
        _ = try fields.integer("num_ctx")
        stop = try fields.strings("stop", atMost: Self.stopLimit)
    }
}
