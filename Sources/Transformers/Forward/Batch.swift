/// What one step of the engine computes: the next tokens of one or more sequences, whether a single token of a running
/// turn or a chunk of a prompt.
public struct Batch {
    /// Which of an entry's tokens get logits.
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

        /// A part of a step; `tokens` must not be empty.
        public init(_ sequence: CachedSequence, _ tokens: some Collection<Int32>, logits: Wanted = .last) {
            precondition(!tokens.isEmpty, "an entry of a batch has at least one token")
            self.sequence = sequence
            self.tokens = Array(tokens)
            logitCount =
                switch logits {
                case .none: 0
                case .last: 1
                case .lastFew(let count): min(max(0, count), tokens.count)
                case .all: tokens.count
                }
        }
    }

    /// The parts, each with another sequence.
    public let entries: [Entry]
    /// Tokens of all entries: the rows of the step.
    public let rows: Int
    /// Rows that get logits.
    public let logitRows: Int

    /// A step's work; no sequence may be in it twice.
    public init(_ entries: [Entry]) {
        precondition(
            Set(entries.map { ObjectIdentifier($0.sequence) }).count == entries.count,
            "a sequence is in a batch once")
        self.entries = entries
        rows = entries.reduce(0) { $0 + $1.tokens.count }
        logitRows = entries.reduce(0) { $0 + $1.logitCount }
    }
}
