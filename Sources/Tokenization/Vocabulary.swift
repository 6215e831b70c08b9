/// Everything that a tokeniser is made from.
public struct Vocabulary: Sendable {
    /// How text becomes pieces.
    public enum Model: Sendable, Hashable {
        /// Byte-level BPE: words, then merges in the order of their ranks.
        case bpe(PreTokenizer)
        /// SentencePiece BPE: neighbours join by the scores of the pieces that they make; bytes where nothing fits.
        case spm
    }

    /// How text becomes pieces.
    public var model: Model

    /// The pieces as spelled in the file: piece `i` is token `i`'s.
    public var pieces: PieceTable

    /// What each token is for; empty if all are normal.
    public var kinds: [TokenKind]

    /// Each token's score, for `.spm`; empty if all are 0.
    public var scores: [Float]

    /// The merges, for `.bpe`: `LEFT RIGHT`, the earliest first.
    public var merges: PieceTable

    /// Begins a sequence.
    public var bos: Token?
    /// Ends a sequence.
    public var eos: Token?
    /// Ends a turn.
    public var eot: Token?
    /// Stands for what the vocabulary cannot say.
    public var unknown: Token?
    /// Fills batches.
    public var padding: Token?
    /// Stands between two texts.
    public var separator: Token?

    /// Tokens after which nothing more is generated, beside EOS, EOT and those that are known by their text.
    public var endOfGeneration: Set<Token> = []

    /// Whether an encoded prompt begins with BOS.
    public var addsBOS = false
    /// Whether an encoded prompt ends with EOS.
    public var addsEOS = false

    /// Whether, for `.spm`, a space is put before text that follows no other text.
    public var addsSpacePrefix = false

    /// Whether, for `.spm`, runs of spaces count as one, and those at both ends of a text as none.
    public var removesExtraWhitespace = false

    /// If not nil, white space after a special token belongs to that token, as in Phi-3; but not for these.
    public var keepsSpaceAfter: Set<String>?

    /// A vocabulary from its main parts.
    public init(
        model: Model, pieces: PieceTable, kinds: [TokenKind] = [], scores: [Float] = [],
        merges: PieceTable = PieceTable([])
    ) {
        self.model = model
        self.pieces = pieces
        self.kinds = kinds
        self.scores = scores
        self.merges = merges
    }
}
