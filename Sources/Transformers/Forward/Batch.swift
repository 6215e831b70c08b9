/// What one step of the engine computes: the next tokens of one or more sequences, whether a single token of a running
/// turn or a chunk of a prompt.
public struct Batch {
    /// Which of an entry's tokens something is wanted of.
    public enum Wanted: Sendable, Hashable {
        /// None: a chunk in the middle of a prompt.
        case none
        /// The last one: to choose the token that follows.
        case last
        /// The last so many.
        case lastFew(Int)
        /// Every one.
        case all
    }

    /// One sequence's part.
    public struct Entry {
        /// The sequence that the tokens are appended to.
        public let sequence: CachedSequence
        /// The tokens; their positions follow those that the sequence holds.
        public let tokens: [Int32]
        /// How many of the last tokens get logits.
        public let logitCount: Int
        /// How many of the last tokens give their hidden row in their stead.
        public let hiddenCount: Int

        /// A part of a step that is to give logits; `tokens` must not be empty.
        public init(_ sequence: CachedSequence, _ tokens: some Collection<Int32>, logits: Wanted = .last) {
            self.init(sequence, Array(tokens), logitCount: logits.count(of: tokens.count), hiddenCount: 0)
        }

        /// A part of a step that is to give hidden rows, for embeddings; `tokens` must not be empty.
        public init(_ sequence: CachedSequence, _ tokens: some Collection<Int32>, hidden: Wanted) {
            self.init(sequence, Array(tokens), logitCount: 0, hiddenCount: hidden.count(of: tokens.count))
        }

        private init(_ sequence: CachedSequence, _ tokens: [Int32], logitCount: Int, hiddenCount: Int) {
            precondition(!tokens.isEmpty, "an entry of a batch has at least one token")
            self.sequence = sequence
            self.tokens = tokens
            self.logitCount = logitCount
            self.hiddenCount = hiddenCount
        }

        /// How many of the last tokens the last layer's output is read of.
        var outputCount: Int { logitCount + hiddenCount }
    }

    /// The parts, each with another sequence.
    public let entries: [Entry]
    /// Tokens of all entries: the rows of the step.
    public let rows: Int
    /// Rows that get logits.
    public let logitRows: Int
    /// Rows of which the last layer's output is read.
    let outputRows: Int

    /// A step's work; no sequence may be in it twice.
    public init(_ entries: [Entry]) {
        precondition(
            Set(entries.map { ObjectIdentifier($0.sequence) }).count == entries.count,
            "a sequence is in a batch once")
        self.entries = entries
        rows = entries.reduce(0) { $0 + $1.tokens.count }
        logitRows = entries.reduce(0) { $0 + $1.logitCount }
        outputRows = entries.reduce(0) { $0 + $1.outputCount }
    }
}

extension Batch.Wanted {
    fileprivate func count(of tokens: Int) -> Int {
        switch self {
        case .none: 0
        case .last: 1
        case .lastFew(let count): min(max(0, count), tokens)
        case .all: tokens
        }
    }
}
