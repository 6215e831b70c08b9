/// The sizes that a vocabulary may have. Real ones stay far below; a hostile one gets an error.
enum Limits {
    /// Pieces in a vocabulary, and merges: 22 bits leave 10 bits of each 32-bit hash slot for a tag.
    /// The largest vocabularies of 2026 have 262,144 pieces, the longest list of merges about 450,000.
    static let entries = 1 << 22 - 1

    /// Bytes of a token that is searched for in every text. The search may look at this many bytes again for each
    /// place where such a token could begin. The longest seen in real models have fewer than 100.
    static let specialTokenBytes = 1024

    /// Symbols in a word that are merged by a plain search for the best pair; longer words use a heap.
    static let shortWord = 40
}
