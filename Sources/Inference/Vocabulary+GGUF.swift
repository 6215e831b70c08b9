public import GGUF
public import Tokenization

extension Vocabulary {
    /// The vocabulary that a GGUF file's metadata holds; its pieces and merges stay where they are mapped.
    ///
    /// Defaults where a file says nothing are those of llama.cpp, which writes nearly all of these files.
    public init(_ metadata: GGUFMetadata) throws(TokenizerError) {
        guard let pieces = metadata.strings(MetadataKey.tokens) else {
            throw Self.missing(MetadataKey.tokens, in: metadata)
        }
        switch metadata.string(MetadataKey.tokenizerModel) {
        case "gpt2":
            guard let merges = metadata.strings(MetadataKey.merges) else {
                throw Self.missing(MetadataKey.merges, in: metadata)
            }
            let preTokenizer = try PreTokenizer(named: metadata.string(MetadataKey.preTokenizer))
            self.init(model: .bpe(preTokenizer), pieces: PieceTable(pieces), merges: PieceTable(merges))
            addsBOS = preTokenizer.addsBOS
        case "llama":
            self.init(model: .spm, pieces: PieceTable(pieces))
            scores = try Self.scores(in: metadata, count: pieces.count)
            (unknown, bos, eos) = (0, 1, 2)
            addsBOS = true
            addsSpacePrefix = true
        case let model:
            throw TokenizerError(
                code: .unsupportedModel,
                problem: "the tokeniser is of the kind \(model.map { "'\($0)'" } ?? "that has no name"), "
                    + "which conifer does not have; it has 'gpt2' (BPE) and 'llama' (SentencePiece)",
                advice: "use a model of another family")
        }
        kinds = try Self.kinds(in: metadata, count: pieces.count)
        readSpecialTokens(metadata)
        readRules(metadata)
    }

    private mutating func readSpecialTokens(_ metadata: GGUFMetadata) {
        let count = pieces.count
        // Numbers outside the vocabulary (some files have -1 for "none") name no token.
        func token(_ key: String, default usual: Token? = nil) -> Token? {
            guard let number = metadata.integer(key), 0..<count ~= number else {
                return usual.flatMap { Int($0) < count ? $0 : nil }
            }
            return Token(number)
        }
        bos = token(MetadataKey.beginningOfSequence, default: bos)
        eos = token(MetadataKey.endOfSequence, default: eos)
        eot = token(MetadataKey.endOfTurn)
        unknown = token(MetadataKey.unknownToken, default: unknown)
        padding = token(MetadataKey.paddingToken)
        separator = token(MetadataKey.separatorToken)
        endOfGeneration = Set([token(MetadataKey.endOfMessage)].compactMap { $0 })
    }

    private mutating func readRules(_ metadata: GGUFMetadata) {
        if let value = metadata.bool(MetadataKey.addsBeginningOfSequence) { addsBOS = value }
        if let value = metadata.bool(MetadataKey.addsEndOfSequence) { addsEOS = value }
        if let value = metadata.bool(MetadataKey.addsSpacePrefix) { addsSpacePrefix = value }
        if let value = metadata.bool(MetadataKey.removesExtraWhitespace) { removesExtraWhitespace = value }
        // No key says how white space beside special tokens is treated: it goes by the model's name.
        let name = metadata.string(MetadataKey.name)?.lowercased() ?? ""
        if name.contains("phi-3") || name.contains("phi3") {
            keepsSpaceAfter = ["<unk>", "<s>", "<|endoftext|>"]
        }
    }

    private static func kinds(in metadata: GGUFMetadata, count: Int) throws(TokenizerError) -> [TokenKind] {
        guard metadata[MetadataKey.tokenTypes] != nil else { return [] }
        guard let numbers = metadata[MetadataKey.tokenTypes]?.arrayValue?.smallIntegers else {
            throw malformed(MetadataKey.tokenTypes, "is not an array of whole numbers")
        }
        guard numbers.count >= count else {
            throw malformed(MetadataKey.tokenTypes, "has \(numbers.count) entries for \(count) tokens")
        }
        // Numbers without a meaning are read as tokens without one.
        let kinds = (UInt8.min...UInt8.max).map { TokenKind(rawValue: $0) ?? .unused }
        return numbers.prefix(count).map { kinds[Int($0)] }
    }

    private static func scores(in metadata: GGUFMetadata, count: Int) throws(TokenizerError) -> [Float] {
        guard metadata[MetadataKey.scores] != nil else { return [] }
        guard
            let scores = metadata.floats(MetadataKey.scores)
                ?? metadata.integers(MetadataKey.scores)?.map({ Float($0) })
        else {
            throw malformed(MetadataKey.scores, "is not an array of numbers")
        }
        guard scores.count >= count else {
            throw malformed(MetadataKey.scores, "has \(scores.count) entries for \(count) tokens")
        }
        return Array(scores.prefix(count))
    }

    private static func missing(_ key: String, in metadata: GGUFMetadata) -> TokenizerError {
        malformed(key, metadata[key] == nil ? "is missing" : "is not an array of strings")
    }

    private static func malformed(_ key: String, _ problem: String) -> TokenizerError {
        TokenizerError(code: .malformedVocabulary, problem: "metadata '\(key)' \(problem)")
    }
}

extension PieceTable {
    /// The strings of a GGUF file, in place.
    init(_ strings: MetadataStrings) {
        self.init(base: strings.base, starts: strings.starts, owner: strings.owner)
    }
}
