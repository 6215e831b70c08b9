public import Tokenization

/// How likely a token was, by the model's own distribution: before bias, penalties and temperature.
public struct TokenLogProbability: Sendable, Hashable {
    /// Another token that could have stood in its place.
    public struct Alternative: Sendable, Hashable {
        /// The token.
        public var token: Token
        /// What it stands for in text, which may be part of a character; a control token's spelling.
        public var bytes: [UInt8]
        /// Natural logarithm of its probability.
        public var logProbability: Float

        /// An alternative.
        public init(token: Token, bytes: [UInt8], logProbability: Float) {
            self.token = token
            self.bytes = bytes
            self.logProbability = logProbability
        }
    }

    /// The token.
    public var token: Token
    /// What it stands for in text, which may be part of a character; a control token's spelling.
    public var bytes: [UInt8]
    /// Natural logarithm of its probability.
    public var logProbability: Float
    /// The likeliest tokens at its place, likeliest first, the token itself among them if it is one of those.
    public var alternatives: [Alternative]

    /// A token's probability.
    public init(token: Token, bytes: [UInt8], logProbability: Float, alternatives: [Alternative] = []) {
        self.token = token
        self.bytes = bytes
        self.logProbability = logProbability
        self.alternatives = alternatives
    }
}
