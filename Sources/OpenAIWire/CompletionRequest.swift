public import OrderedJSON

/// The body of `POST /v1/completions`, read once and for all: after this no field is of the wrong type, and no two of
/// them contradict each other.
///
/// What is nil was absent or `null`; defaults are the server's. Fields that are not listed are accepted and ignored.
public struct CompletionRequest: Sendable {
    /// What chat requests have, too.
    public var common: CommonFields
    /// What is to be continued: one or more, each with as many answers as `common.choices` says.
    public var prompts: [PromptField]
    /// The most tokens to generate for each answer; 0: none.
    public var maximumTokens: Int?
    /// What stands behind the gap that the answer fills; nil where it is to continue the prompt.
    public var suffix: String?
    /// Whether an answer begins with its prompt.
    public var echo: Bool
    /// How many alternatives to each token are wanted with their log-probabilities; nil: no log-probabilities at all.
    public var logProbabilities: Int?
    /// How many answers to generate for each prompt, of which the best `common.choices` are returned.
    public var bestOf: Int

    /// The most prompts in one request: each is a turn of its own, and a client can send another request.
    public static let promptLimit = 128
    /// The most answers to each prompt, as OpenAI has it.
    public static let choicesLimit = 128
    /// The most alternatives to each token; OpenAI gives up to 5 here and up to 20 in chats.
    public static let alternativesLimit = 20

    /// Reads a body.
    ///
    /// - Throws: an error that names the field.
    public init(_ body: JSON) throws(JSONFieldError) {
        let fields = try JSONObjectReader(body)
        common = try CommonFields(fields, choices: 1...Self.choicesLimit)
        prompts = try PromptField.read("prompt", from: fields, atMost: Self.promptLimit)
        maximumTokens = try fields.integer("max_tokens", in: 0 ... .max)
        let suffix = try fields.string("suffix")
        self.suffix = suffix.flatMap { $0.isEmpty ? nil : $0 }
        echo = try fields.bool("echo") ?? false
        logProbabilities = try Self.logProbabilities(fields)
        bestOf = try fields.integer("best_of", in: 1...Self.choicesLimit) ?? common.choices
        try checkTogether(fields)
    }

    /// A number, or as some clients write it, a boolean.
    private static func logProbabilities(_ fields: JSONObjectReader) throws(JSONFieldError) -> Int? {
        if let flag = fields.value("logprobs")?.boolValue { return flag ? 0 : nil }
        return try fields.integer("logprobs", in: 0...alternativesLimit)
    }

    private func checkTogether(_ fields: JSONObjectReader) throws(JSONFieldError) {
        if bestOf < common.choices {
            throw fields.error("best_of", "is \(bestOf); it must be at least n, which is \(common.choices)")
        }
        if bestOf > common.choices && common.stream {
            throw fields.error("best_of", "cannot go with stream: which answers are best is known only at their end")
        }
        guard suffix != nil else { return }
        if echo { throw fields.error("echo", "cannot go with suffix: the answer stands between the two") }
        for prompt in prompts {
            guard case .text = prompt else {
                throw fields.error("suffix", "can only follow a prompt that is text, not token ids")
            }
        }
    }
}
