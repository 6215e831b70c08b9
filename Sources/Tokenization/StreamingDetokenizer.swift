/// Turns tokens into text as they come, whole characters at a time.
///
/// A character's bytes may be spread over several tokens: what is not complete yet waits for the next token. What cannot
/// become UTF-8 comes out as U+FFFD, so that all the pieces together are what decoding all the bytes at once gives.
public struct StreamingDetokenizer: Sendable {
    private let tokenizer: Tokenizer
    private let includingControl: Bool
    private var dropsSpace: Bool
    private var pending: [UInt8] = []

    /// A detokeniser.
    ///
    /// - Parameters:
    ///   - tokenizer: Knows the tokens.
    ///   - continuing: Whether the text goes on from text before it. If not, the space is dropped that vocabularies of
    ///     the SentencePiece kind put before a text.
    ///   - includingControl: Whether control tokens come out as they are spelled rather than as nothing.
    public init(_ tokenizer: Tokenizer, continuing: Bool = false, includingControl: Bool = false) {
        self.tokenizer = tokenizer
        self.includingControl = includingControl
        dropsSpace = !continuing && tokenizer.vocabulary.model == .spm && tokenizer.vocabulary.addsSpacePrefix
    }

    /// Whether the bytes so far end within a character.
    public var isInsideCharacter: Bool { !pending.isEmpty }

    /// The text that a further token completes; empty if its bytes end within a character.
    public mutating func append(_ token: Token) -> String {
        let start = pending.count
        tokenizer.appendBytes(of: token, includingControl: includingControl, to: &pending)
        if dropsSpace, pending.count > start {
            dropsSpace = false
            if pending[start] == 0x20, tokenizer.kind(of: token) == .normal { pending.remove(at: start) }
        }
        let whole = pending.count - Self.incompleteSuffix(of: pending)
        guard whole > 0 else { return "" }
        let text = String(decoding: pending[..<whole], as: UTF8.self)
        pending.removeSubrange(..<whole)
        return text
    }

    /// What is left at the end: U+FFFD for a character that was never completed, else nothing.
    public mutating func finish() -> String {
        let text = String(decoding: pending, as: UTF8.self)
        pending.removeAll()
        return text
    }

    /// The number of bytes at the end, 0 to 3, that may yet become a character.
    static func incompleteSuffix(of bytes: [UInt8]) -> Int {
        for length in 1...3 where length <= bytes.count {
            let lead = bytes[bytes.count - length]
            if lead & 0xC0 == 0x80 { continue }
            let needed =
                switch lead {
                case 0xC2...0xDF: 2
                case 0xE0...0xEF: 3
                case 0xF0...0xF4: 4
                default: 0
                }
            guard needed > length else { return 0 }
            // The second byte decides whether the sequence is well-formed so far (Unicode, table 3-7).
            guard length > 1 else { return 1 }
            let second = bytes[bytes.count - length + 1]
            let isWellFormed =
                switch lead {
                case 0xE0: second >= 0xA0
                case 0xED: second < 0xA0
                case 0xF0: second >= 0x90
                case 0xF4: second < 0x90
                default: true
                }
            return isWellFormed ? length : 0
        }
        return 0
    }
}
