/// Encodes text with a SentencePiece vocabulary: neighbours whose join is a piece join, the best score first.
struct SentencePieceEncoder: Sendable {
    private let index: PieceIndex

    /// For each token how early it is joined: less is better.
    private let keys: [UInt32]

    /// The token of each byte (`<0x0A>`), or `unknown`.
    private let byteTokens: [Token?]

    /// Whether no piece has `▁` after another character. Then no pair joins across the beginning of a word, and words can
    /// be encoded one by one: the same tokens, several times as fast as one long row.
    private let encodesByWord: Bool

    /// `kinds` and `scores` have one entry for each piece.
    init(pieces: PieceTable, kinds: [TokenKind], scores: [Float], unknown: Token?, index: PieceIndex) {
        self.index = index
        keys = scores.map(Self.key)
        encodesByWord = !kinds.indices.contains { token in
            kinds[token].comesFromText && Self.wordEnd(in: pieces[token], from: 0) < pieces.length(token)
        }
        var named = [Token?](repeating: nil, count: 256)
        for (token, kind) in kinds.enumerated() where kind == .byte {
            if let byte = SentencePieceSpelling.byte(pieces[token]), named[Int(byte)] == nil {
                named[Int(byte)] = Token(token)
            }
        }
        byteTokens = (UInt8.min...UInt8.max).map { byte in
            named[Int(byte)] ?? index.token(SentencePieceSpelling.name(byte)) ?? index.token([byte]) ?? unknown
        }
    }

    /// Memory that is used again from text to text.
    struct Scratch {
        var text: [UInt8] = []
        var ends: [Int32] = []
        var starts: [Int32] = []
        var queue = MergeQueue()
    }

    /// Appends the tokens of text without special tokens, in which spaces are `▁` already: `scratch.text`.
    func encode(into tokens: inout [Token], scratch: inout Scratch) {
        let text = scratch.text
        text.withUnsafeBufferPointer { bytes in
            var start = 0
            while start < bytes.count {
                let end = encodesByWord ? Self.wordEnd(in: bytes, from: start) : bytes.count
                encode(UnsafeBufferPointer(rebasing: bytes[start..<end]), into: &tokens, scratch: &scratch)
                start = end
            }
        }
    }

    /// Where the word that begins at a position ends: at a `▁` after another character, or at the text's end.
    private static func wordEnd(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var isAfterSpace = true
        var position = start
        while position < bytes.count {
            if SentencePieceSpelling.isSpace(bytes, at: position) {
                if !isAfterSpace { return position }
                position += SentencePieceSpelling.space.count
            } else {
                isAfterSpace = false
                position += 1
            }
        }
        return position
    }

    private func encode(_ bytes: UnsafeBufferPointer<UInt8>, into tokens: inout [Token], scratch: inout Scratch) {
        scratch.starts.removeAll(keepingCapacity: true)
        scratch.ends.removeAll(keepingCapacity: true)
        for (position, byte) in bytes.enumerated() where byte & 0xC0 != 0x80 {
            if position > 0 { scratch.ends.append(Int32(position)) }
            scratch.starts.append(Int32(position))
        }
        scratch.ends.append(Int32(bytes.count))
        let starts = scratch.starts
        scratch.queue.run(
            count: starts.count, state: &scratch.ends,
            key: { ends, left, right in
                let range = Int(starts[left])..<Int(ends[right])
                guard range.count <= index.longest,
                    let token = index.token(UnsafeBufferPointer(rebasing: bytes[range]))
                else { return MergeQueue.never }
                return keys[Int(token)]
            },
            join: { ends, left, right, _ in ends[left] = ends[right] })
        var symbol: Int? = 0
        while let current = symbol {
            append(bytes[Int(starts[current])..<Int(scratch.ends[current])], to: &tokens)
            symbol = scratch.queue.symbol(after: current)
        }
    }

    private func append(_ symbol: Slice<UnsafeBufferPointer<UInt8>>, to tokens: inout [Token]) {
        if let token = index.token(UnsafeBufferPointer(rebasing: symbol)) {
            tokens.append(token)
            return
        }
        for byte in symbol {
            if let token = byteTokens[Int(byte)] { tokens.append(token) }
        }
    }

    /// A number that is less the higher a score is; scores that are no number come last.
    private static func key(_ score: Float) -> UInt32 {
        guard !score.isNaN else { return MergeQueue.never - 1 }
        // Adding 0 makes -0 into 0. The bit patterns of floats rise with the value if they are positive, else fall.
        let bits = (score + 0).bitPattern
        let rising = bits & 0x8000_0000 == 0 ? bits | 0x8000_0000 : ~bits
        return min(~rising, MergeQueue.never - 1)
    }
}
