/// GPT-2's words: a space belongs to the word, number or punctuation after it.
extension ClassifiedText {
    /// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`
    func spacedWord(from position: Int, to end: Int) -> Int {
        if let contraction = contraction(from: position, to: end, ignoringCase: false) { return contraction }
        let first = bytes[position] == 0x20 && position + 1 < end ? position + 1 : position
        if isIn(.letter, at: first, to: end) { return run(of: .letter, from: first, to: end) }
        if isIn(.number, at: first, to: end) { return run(of: .number, from: first, to: end) }
        let other = run(outside: [.whiteSpace, .letter, .number], from: first, to: end)
        if other > first { return other }
        return whiteSpace(from: position, to: end)
    }

    /// `'s|'t|'re|'ve|'m|'ll|'d`, or nil. Without regard to case, `ſ` (U+017F) is an `s`.
    @inline(__always)
    func contraction(from position: Int, to end: Int, ignoringCase: Bool) -> Int? {
        guard bytes[position] == 0x27, position + 1 < end else { return nil }
        let caseBit: UInt8 = ignoringCase ? 0x20 : 0
        switch bytes[position + 1] | caseBit {
        case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"): return position + 2
        default: break
        }
        guard position + 2 < end else { return nil }
        if ignoringCase, bytes[position + 1] == 0xC5, bytes[position + 2] == 0xBF { return position + 3 }
        switch (bytes[position + 1] | caseBit, bytes[position + 2] | caseBit) {
        case (UInt8(ascii: "r"), UInt8(ascii: "e")), (UInt8(ascii: "v"), UInt8(ascii: "e")),
            (UInt8(ascii: "l"), UInt8(ascii: "l")):
            return position + 3
        default: return nil
        }
    }

    /// `\s+(?!\S)|\s+`: white space up to the end, or all but its last scalar (all, if it is but one).
    ///
    /// `position` must be at white space.
    @inline(__always)
    func whiteSpace(from position: Int, to end: Int) -> Int {
        let after = run(of: .whiteSpace, from: position, to: end)
        if after == end { return end }
        let last = before(after)
        return last > position ? last : after
    }
}
