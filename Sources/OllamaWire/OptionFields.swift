import OrderedJSON

/// The `options` of a request. Unknown ones are ignored; `num_ctx` is read by nothing, since the context of a loaded
/// model does not change with a request.
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
    /// `seed`.
    public var seed: Int?
    /// `num_predict`; negative is as many as fit.
    public var numPredict: Int?
    /// `stop`.
    public var stop: [String] = []

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
        if let single = fields.value("stop")?.stringValue {
            stop = [single]
        } else {
            for (index, element) in (try fields.array("stop") ?? []).enumerated() {
                guard let text = element.stringValue else {
                    throw fields.error("stop[\(index)]", "must be a string, not \(element.kindName)")
                }
                stop.append(text)
            }
        }
        stop.removeAll(where: \.isEmpty)
    }
}
