/// The words of Llama 3 and Qwen: one scalar that is no letter, number or line break may stand before a word.
extension ClassifiedText {
    /// `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,DIGITS}| ?[^\s\p{L}\p{N}]+[\r\n]*|
    /// \s*[\r\n]+|\s+(?!\S)|\s+`, with `letters` for `\p{L}`.
    func prefixedWord(digits: Int, letters: ScalarClass = .letter) -> (Int, Int) -> Int {
        let words: ScalarClass = letters.union(.number)
        return { position, end in
            if let contraction = contraction(from: position, to: end, ignoringCase: true) { return contraction }
            if isIn(.number, at: position, to: end) { return numbers(upTo: digits, from: position, to: end) }
            if let word = lettersAfterOneOther(letters, from: position, to: end) { return word }
            if let other = punctuation(outside: words, trailing: isLineBreak, from: position, to: end) {
                return other
            }
            return linesAndSpaces(from: position, to: end)
        }
    }

    /// `[^\r\n\p{L}\p{N}]?LETTERS+`, or nil. `position` is at no number.
    @inline(__always)
    func lettersAfterOneOther(_ letters: ScalarClass, from position: Int, to end: Int) -> Int? {
        if isIn(letters, at: position, to: end) { return run(of: letters, from: position, to: end) }
        if isLineBreak(bytes[position]) { return nil }
        let second = after(position)
        let word = run(of: letters, from: second, to: end)
        return word > second ? word : nil
    }

    /// `\p{N}{1,COUNT}`; `position` must be at a number.
    @inline(__always)
    func numbers(upTo count: Int, from position: Int, to end: Int) -> Int {
        var position = position
        var left = count
        while left > 0, isIn(.number, at: position, to: end) {
            position = after(position)
            left -= 1
        }
        return position
    }

    /// ` ?[^\sWORDS]+[TRAILING]*`, or nil.
    @inline(__always)
    func punctuation(
        outside words: ScalarClass, trailing: (UInt8) -> Bool, from position: Int, to end: Int
    ) -> Int? {
        let first = bytes[position] == 0x20 && position + 1 < end ? position + 1 : position
        var after = run(outside: words.union(.whiteSpace), from: first, to: end)
        if after == first { return nil }
        while after < end, trailing(bytes[after]) { after += 1 }
        return after
    }

    /// `\s*[\r\n]+|\s+(?!\S)|\s+`; `position` must be at white space.
    @inline(__always)
    func linesAndSpaces(from position: Int, to end: Int) -> Int {
        let after = run(of: .whiteSpace, from: position, to: end)
        var line = after
        while line > position, !isLineBreak(bytes[line - 1]) { line -= 1 }
        return line > position ? line : whiteSpace(from: position, to: end)
    }

    /// Whether a byte is `\r` or `\n`.
    @inline(__always)
    func isLineBreak(_ byte: UInt8) -> Bool {
        byte == 0x0A || byte == 0x0D
    }
}
