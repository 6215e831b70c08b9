/// Encodes words with a byte-level BPE vocabulary.
struct BytePairEncoder: Sendable {
    private let preTokenizer: PreTokenizer
    private let index: PieceIndex
    private let merges: Deferred<MergeIndex>
    private let pieces: PieceTable

    /// The token of each byte; -1 where the vocabulary has none.
    private let byteTokens: [Token]

    init(
        preTokenizer: PreTokenizer, pieces: PieceTable, index: PieceIndex, merges: Deferred<MergeIndex>
    ) {
        self.preTokenizer = preTokenizer
        self.pieces = pieces
        self.index = index
        self.merges = merges
        byteTokens = (UInt8.min...UInt8.max).map { byte in
            var spelling: [UInt8] = []
            ByteAlphabet.append(byte, to: &spelling)
            return index.token(spelling) ?? -1
        }
    }

    /// Appends the tokens of text without special tokens. Bytes that the vocabulary lacks are left out.
    func encode(_ text: UnsafeBufferPointer<UInt8>, into tokens: inout [Token], scratch: inout Scratch) {
        let classified = ClassifiedText(text)
        var start = 0
        for end in preTokenizer.wordEnds(classified) {
            encode(word: UnsafeBufferPointer(rebasing: text[start..<end]), into: &tokens, scratch: &scratch)
            start = end
        }
    }

    /// Memory that is used again from word to word.
    struct Scratch {
        var spelling: [UInt8] = []
        var symbols: [Token] = []
        var ranks: [UInt32] = []
        var queue = MergeQueue()
        /// Asked for once: words are many, and it is behind a lock.
        var merges: MergeTable?
    }

    private func encode(
        word: UnsafeBufferPointer<UInt8>, into tokens: inout [Token], scratch: inout Scratch
    ) {
        if preTokenizer.takesWholeWords, word.count > 1, let token = wholeWord(word, scratch: &scratch) {
            tokens.append(token)
            return
        }
        scratch.symbols.removeAll(keepingCapacity: true)
        for byte in word { scratch.symbols.append(byteTokens[Int(byte)]) }
        guard word.count > 1 else {
            for symbol in scratch.symbols where symbol >= 0 { tokens.append(symbol) }
            return
        }
        let merges = scratch.merges ?? MergeTable(merges.value, pieces: pieces, index: index)
        scratch.merges = merges
        if word.count <= Limits.shortWord {
            mergeShort(merges, &scratch)
            for symbol in scratch.symbols where symbol >= 0 { tokens.append(symbol) }
        } else {
            mergeLong(merges, &scratch)
            var symbol: Int? = 0
            while let current = symbol {
                if scratch.symbols[current] >= 0 { tokens.append(scratch.symbols[current]) }
                symbol = scratch.queue.symbol(after: current)
            }
        }
    }

    private func wholeWord(_ word: UnsafeBufferPointer<UInt8>, scratch: inout Scratch) -> Token? {
        guard word.count <= index.longest else { return nil }
        scratch.spelling.removeAll(keepingCapacity: true)
        for byte in word { ByteAlphabet.append(byte, to: &scratch.spelling) }
        return index.token(scratch.spelling)
    }

    /// Merges by looking for the best pair again and again: the quickest way for a few symbols.
    private func mergeShort(_ merges: MergeTable, _ scratch: inout Scratch) {
        scratch.ranks.removeAll(keepingCapacity: true)
        for left in 0..<scratch.symbols.count - 1 {
            scratch.ranks.append(merges.rank(scratch.symbols[left], scratch.symbols[left + 1]))
        }
        while true {
            var best = MergeTable.none
            var place = 0
            for (left, rank) in scratch.ranks.enumerated() where rank < best {
                best = rank
                place = left
            }
            guard best != MergeTable.none else { return }
            guard let joined = merges.result(scratch.symbols[place], scratch.symbols[place + 1]) else {
                scratch.ranks[place] = MergeTable.none
                continue
            }
            scratch.symbols[place] = joined
            scratch.symbols.remove(at: place + 1)
            scratch.ranks.remove(at: place)
            if place < scratch.ranks.count {
                scratch.ranks[place] = merges.rank(scratch.symbols[place], scratch.symbols[place + 1])
            }
            if place > 0 {
                scratch.ranks[place - 1] = merges.rank(scratch.symbols[place - 1], scratch.symbols[place])
            }
        }
    }

    private func mergeLong(_ merges: MergeTable, _ scratch: inout Scratch) {
        scratch.queue.run(
            count: scratch.symbols.count, state: &scratch.symbols,
            key: { merges.joiningRank($0[$1], $0[$2]) },
            join: { symbols, left, right, _ in
                symbols[left] = merges.result(symbols[left], symbols[right]) ?? -1
            })
    }
}
