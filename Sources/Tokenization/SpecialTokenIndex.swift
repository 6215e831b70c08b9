/// Finds the tokens in a text that stand for themselves: the control, unknown and user-defined ones.
///
/// The leftmost match counts, and of those that begin at one place the longest. The pieces are sorted; the candidates at a
/// place are those with its first byte, and are narrowed byte by byte.
struct SpecialTokenIndex: Sendable {
    private let tokens: [Token]
    private let spellings: [[UInt8]]
    private let isControl: [Bool]
    /// The candidates whose first byte is `b` are `buckets[b] ..< buckets[b + 1]`.
    private let buckets: [Int]

    /// A place in a text and the token there.
    struct Match {
        let token: Token
        let range: Range<Int>
    }

    init(_ pieces: PieceTable, kinds: [TokenKind]) throws(TokenizerError) {
        var found: [(spelling: [UInt8], token: Token, isControl: Bool)] = []
        for (token, kind) in kinds.enumerated() where kind == .control || kind == .unknown || kind == .userDefined {
            let spelling = pieces.bytes(token)
            guard spelling.count <= Limits.specialTokenBytes else {
                throw .malformed(
                    "token \(token) is a special one of \(spelling.count) bytes; "
                        + "conifer takes at most \(Limits.specialTokenBytes)")
            }
            // What is no UTF-8 cannot be in a text, or would begin or end within a character.
            guard !spelling.isEmpty, String(validating: spelling, as: UTF8.self) != nil else { continue }
            found.append((spelling, Token(token), kind != .userDefined))
        }
        found.sort { left, right in
            left.spelling == right.spelling
                ? left.token < right.token : left.spelling.lexicographicallyPrecedes(right.spelling)
        }
        var buckets = [Int](repeating: 0, count: 257)
        for entry in found { buckets[Int(entry.spelling[0]) + 1] += 1 }
        for byte in 0..<256 { buckets[byte + 1] += buckets[byte] }
        self.buckets = buckets
        tokens = found.map(\.token)
        spellings = found.map(\.spelling)
        isControl = found.map(\.isControl)
    }

    /// The next match from a position on. `mayParse(range)` says whether a control token may be recognised there.
    func next(
        in text: UnsafeBufferPointer<UInt8>, from position: Int, mayParse: (Range<Int>) -> Bool
    ) -> Match? {
        guard !tokens.isEmpty else { return nil }
        var position = position
        while position < text.count {
            let byte = Int(text[position])
            if buckets[byte] < buckets[byte + 1], let match = match(in: text, at: position, mayParse: mayParse) {
                return match
            }
            position += 1
        }
        return nil
    }

    private func match(
        in text: UnsafeBufferPointer<UInt8>, at position: Int, mayParse: (Range<Int>) -> Bool
    ) -> Match? {
        var low = buckets[Int(text[position])]
        var high = buckets[Int(text[position]) + 1]
        var depth = 1
        var best: Match?
        while low < high {
            // Candidates low ..< high share `depth` bytes with the text; of those that end here the first token counts.
            let range = position..<position + depth
            if spellings[low].count == depth, !isControl[low] || mayParse(range) {
                best = Match(token: tokens[low], range: range)
            }
            while low < high, spellings[low].count == depth { low += 1 }
            guard position + depth < text.count else { break }
            let byte = text[position + depth]
            low = firstCandidate(in: low..<high) { spellings[$0][depth] >= byte }
            high = firstCandidate(in: low..<high) { spellings[$0][depth] > byte }
            depth += 1
        }
        return best
    }

    /// The first of the candidates for which `isPast` holds, which then holds for all after it.
    @inline(__always)
    private func firstCandidate(in range: Range<Int>, isPast: (Int) -> Bool) -> Int {
        var low = range.lowerBound
        var high = range.upperBound
        while low < high {
            let middle = (low + high) / 2
            if isPast(middle) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
