public import OrderedJSON

/// One generated token with its log-probability, as Ollama gives it in `logprobs`.
public struct TokenScore: Sendable, Hashable {
    /// The token's text; bytes that are no whole character are shown as U+FFFD.
    public var token: String
    /// The token's bytes.
    public var bytes: [UInt8]
    /// The natural logarithm of its probability.
    public var logProbability: Double
    /// The likeliest tokens at its place, without alternatives of their own.
    public var alternatives: [TokenScore]

    /// A token.
    public init(bytes: [UInt8], logProbability: Double, alternatives: [TokenScore] = []) {
        token = String(decoding: bytes, as: UTF8.self)
        self.bytes = bytes
        self.logProbability = logProbability
        self.alternatives = alternatives
    }

    /// What stands for a probability of zero, whose logarithm JSON cannot write; OpenAI's wire has the same.
    static let impossible = -9999.0

    /// The object; `bytes` and `top_logprobs` are left out when empty.
    public var json: JSON {
        var json = ObjectBuilder()
        json["token"] = .string(token)
        json["logprob"] = .number(max(logProbability, Self.impossible))
        if !bytes.isEmpty { json["bytes"] = .array(bytes.map { .integer(Int64($0)) }) }
        if !alternatives.isEmpty { json["top_logprobs"] = .array(alternatives.map(\.json)) }
        return json.json
    }
}
