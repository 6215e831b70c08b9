internal import GGUF
internal import Tokenization

/// The control tokens around the text before a gap, the text after it, and what is to fill it.
struct FillInTokens: Sendable, Hashable {
    let prefix: Token
    let suffix: Token
    let middle: Token

    /// The tokens that a file names, or those that its vocabulary is known to have by their spelling; nil if one is
    /// missing.
    init?(_ metadata: GGUFMetadata, _ vocabulary: Vocabulary) {
        let count = vocabulary.pieces.count
        let spelled = Self.spelled(in: vocabulary)
        func token(_ part: Part) -> Token? {
            for key in part.keys {
                if let number = metadata.integer(key), 0..<count ~= number {
                    return Token(number)
                }
            }
            return spelled[part]
        }
        guard let prefix = token(.prefix), let suffix = token(.suffix), let middle = token(.middle) else { return nil }
        (self.prefix, self.suffix, self.middle) = (prefix, suffix, middle)
    }

    private enum Part: CaseIterable {
        case prefix
        case suffix
        case middle

        /// The metadata that may name it.
        var keys: [String] {
            switch self {
            case .prefix: [MetadataKey.fillPrefixToken, MetadataKey.olderFillPrefixToken]
            case .suffix: [MetadataKey.fillSuffixToken, MetadataKey.olderFillSuffixToken]
            case .middle: [MetadataKey.fillMiddleToken, MetadataKey.olderFillMiddleToken]
            }
        }

        /// Its spellings in published vocabularies: Qwen, StarCoder, Granite, DeepSeek, GLM, Falcon, Code Llama. The last two
        /// may be ordinary text, too: they count only where the file says that they are not.
        var spellings: [String] {
            switch self {
            case .prefix:
                [
                    "<|fim_prefix|>", "<fim-prefix>", "<fim_prefix>", "<｜fim▁begin｜>", "<|code_prefix|>", "<|prefix|>",
                    "<PRE>", "▁<PRE>",
                ]
            case .suffix:
                [
                    "<|fim_suffix|>", "<fim-suffix>", "<fim_suffix>", "<｜fim▁hole｜>", "<|code_suffix|>", "<|suffix|>",
                    "<SUF>", "▁<SUF>",
                ]
            case .middle:
                [
                    "<|fim_middle|>", "<fim-middle>", "<fim_middle>", "<｜fim▁end｜>", "<|code_middle|>", "<|middle|>",
                    "<MID>", "▁<MID>",
                ]
            }
        }
    }

    private static let ambiguous: Set<String> = ["<PRE>", "▁<PRE>", "<SUF>", "▁<SUF>", "<MID>", "▁<MID>"]

    private static func spelled(in vocabulary: Vocabulary) -> [Part: Token] {
        var parts: [String: Part] = [:]
        for part in Part.allCases {
            for spelling in part.spellings { parts[spelling] = part }
        }
        var found: [Part: Token] = [:]
        for (token, text) in vocabulary.pieces.spelled(Set(parts.keys)) {
            guard let part = parts[text], found[part] == nil else { continue }
            let isOrdinary = vocabulary.kinds.isEmpty || vocabulary.kinds[token] == .normal
            if !isOrdinary || !ambiguous.contains(text) {
                found[part] = Token(token)
            }
        }
        return found
    }
}
