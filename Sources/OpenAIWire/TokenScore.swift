import OrderedJSON

/// A token with its log-probability, as both completion endpoints report it.
public struct TokenScore: Sendable, Hashable {
    /// A token that could have stood in the same place.
    public struct Alternative: Sendable, Hashable {
        /// Its bytes, which need not be whole characters.
        public var bytes: [UInt8]
        /// The natural logarithm of its probability.
        public var logProbability: Float

        /// An alternative.
        public init(bytes: [UInt8], logProbability: Float) {
            self.bytes = bytes
            self.logProbability = logProbability
        }
    }

    /// Its bytes, which need not be whole characters.
    public var bytes: [UInt8]
    /// The natural logarithm of its probability; nil for a prompt's first token, which nothing comes before.
    public var logProbability: Float?
    /// The likeliest tokens in its place, likeliest first.
    public var alternatives: [Alternative]

    /// A token.
    public init(bytes: [UInt8], logProbability: Float?, alternatives: [Alternative] = []) {
        self.bytes = bytes
        self.logProbability = logProbability
        self.alternatives = alternatives
    }

    /// The text of bytes, or where they are no whole characters, each as `\xNN`, as OpenAI writes such tokens.
    static func text(_ bytes: [UInt8], prefix: String = "") -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        let digits = Array("0123456789abcdef")
        return bytes.reduce(into: prefix) { text, byte in
            text += "\\x"
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
    }

    /// JSON knows no infinity; OpenAI writes −9999 for what is all but impossible.
    static func number(_ logProbability: Float) -> JSON {
        .number(logProbability >= -9999 ? Double(logProbability) : -9999)
    }
}

extension TokenScore {
    /// A chat choice's `logprobs`, whole or in a chunk.
    static func chat(_ scores: [TokenScore]) -> JSON {
        ["content": .array(scores.map(\.chatJSON)), "refusal": .null]
    }

    private var chatJSON: JSON {
        Self.entry(bytes, logProbability ?? 0).adding(
            "top_logprobs", .array(alternatives.map { Self.entry($0.bytes, $0.logProbability) }))
    }

    private static func entry(_ bytes: [UInt8], _ logProbability: Float) -> JSON {
        [
            "token": .string(text(bytes)), "logprob": number(logProbability),
            "bytes": .array(bytes.map { .integer(Int64($0)) }),
        ]
    }
}

extension TokenScore {
    /// A text completion's `logprobs`: four lists of the same length.
    ///
    /// - Parameter offset: characters (Unicode scalars, as Python counts) between the prompt's beginning and the first token.
    static func completion(_ scores: [TokenScore], offset: Int) -> JSON {
        var offset = offset
        var offsets: [JSON] = []
        for score in scores {
            offsets.append(JSON(offset))
            // A scalar counts where its first byte is: the other bytes are 10xxxxxx.
            offset += score.bytes.count { $0 & 0xC0 != 0x80 }
        }
        return [
            "tokens": .array(scores.map { .string(text($0.bytes, prefix: "bytes:")) }),
            "token_logprobs": .array(scores.map { $0.logProbability.map(number) ?? .null }),
            "top_logprobs": .array(scores.map(\.topJSON)), "text_offset": .array(offsets),
        ]
    }

    /// The alternatives by text, and the token itself, which may be one more than was asked for.
    private var topJSON: JSON {
        guard let logProbability else { return .null }
        var top: JSON = [:]
        for (bytes, value) in alternatives.map({ ($0.bytes, $0.logProbability) }) + [(bytes, logProbability)] {
            let text = Self.text(bytes, prefix: "bytes:")
            // Two tokens may have one text; the likelier one comes first.
            if top[text] == nil { top = top.adding(text, Self.number(value)) }
        }
        return top
    }
}
