import Dispatch

/// Turns text into tokens and back.
///
/// Ready within milliseconds: the pieces stay where they lie, and the tables over them are built in one pass each. Every
/// method may be called from several threads at once. Encoding takes time that is linear in the text's length (times a
/// logarithm in words without a break).
public final class Tokenizer: Sendable {
    /// What the tokeniser was made from.
    public let vocabulary: Vocabulary

    /// Tokens after which nothing more is generated: those that the vocabulary names and those known by their spelling.
    public let endOfGeneration: Set<Token>

    /// What each token is for. Differs from the vocabulary's kinds in tokens that end an answer: they are control tokens.
    let kinds: [TokenKind]

    let specials: SpecialTokenIndex
    let encoder: Encoder

    /// The encoders of text between special tokens.
    enum Encoder: Sendable {
        case bytePair(BytePairEncoder)
        case sentencePiece(SentencePieceEncoder)
    }

    /// A tokeniser, or an error that says what is wrong with the vocabulary.
    public init(_ vocabulary: Vocabulary) throws(TokenizerError) {
        var kinds = try Self.checkedKinds(of: vocabulary)
        var endings = EndOfGeneration.find(in: vocabulary.pieces, kinds: &kinds)
        endings.formUnion(vocabulary.endOfGeneration)
        endings.formUnion([vocabulary.eos, vocabulary.eot].compactMap { $0 })
        let merges = Deferred { [merges = vocabulary.merges] in MergeIndex(merges) }
        if case .bpe = vocabulary.model {
            // The larger of the two tables: on a core of its own where there is one, and nobody waits for it before the first
            // word that needs merges.
            DispatchQueue.global().async { _ = merges.value }
        }
        let index = PieceIndex(vocabulary.pieces, kinds: kinds)
        specials = try SpecialTokenIndex(vocabulary.pieces, kinds: kinds)
        switch vocabulary.model {
        case .bpe(let preTokenizer):
            encoder = .bytePair(
                BytePairEncoder(
                    preTokenizer: preTokenizer, pieces: vocabulary.pieces, index: index, merges: merges))
        case .spm:
            let scores =
                vocabulary.scores.isEmpty
                ? [Float](repeating: 0, count: vocabulary.pieces.count) : vocabulary.scores
            encoder = .sentencePiece(
                SentencePieceEncoder(
                    pieces: vocabulary.pieces, kinds: kinds, scores: scores, unknown: vocabulary.unknown,
                    index: index))
        }
        self.vocabulary = vocabulary
        self.kinds = kinds
        endOfGeneration = endings
    }

    /// The number of tokens.
    public var count: Int { vocabulary.pieces.count }

    /// Whether nothing more is generated after a token.
    public func isEndOfGeneration(_ token: Token) -> Bool {
        endOfGeneration.contains(token)
    }

    /// Whether a token is structure of the prompt rather than text. Numbers outside the vocabulary are none.
    public func isControl(_ token: Token) -> Bool {
        kind(of: token) == .control
    }

    /// What a token is for, or nil for a number outside the vocabulary.
    public func kind(of token: Token) -> TokenKind? {
        token >= 0 && Int(token) < count ? kinds[Int(token)] : nil
    }

    /// Checks that the vocabulary's parts fit each other.
    private static func checkedKinds(of vocabulary: Vocabulary) throws(TokenizerError) -> [TokenKind] {
        let count = vocabulary.pieces.count
        guard count > 0 else { throw .malformed("the vocabulary has no pieces") }
        guard count <= Limits.entries, vocabulary.merges.count <= Limits.entries else {
            throw .malformed(
                "the vocabulary has \(count) pieces and \(vocabulary.merges.count) merges; "
                    + "conifer takes at most \(Limits.entries) of either")
        }
        guard vocabulary.kinds.isEmpty || vocabulary.kinds.count == count else {
            throw .malformed("the vocabulary has \(count) pieces but \(vocabulary.kinds.count) token types")
        }
        guard vocabulary.scores.isEmpty || vocabulary.scores.count == count else {
            throw .malformed("the vocabulary has \(count) pieces but \(vocabulary.scores.count) scores")
        }
        let named: [(name: String, token: Token?)] = [
            ("BOS", vocabulary.bos), ("EOS", vocabulary.eos), ("EOT", vocabulary.eot),
            ("unknown", vocabulary.unknown), ("padding", vocabulary.padding), ("separator", vocabulary.separator),
        ]
        for case (let name, let token?) in named where token < 0 || token >= count {
            throw .malformed("the \(name) token is \(token), but the vocabulary has only \(count) pieces")
        }
        return vocabulary.kinds.isEmpty ? [TokenKind](repeating: .normal, count: count) : vocabulary.kinds
    }
}
