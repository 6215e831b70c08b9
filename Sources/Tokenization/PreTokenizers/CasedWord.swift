/// The words of GPT-4o and Mistral's Tekken: cut where lower case turns to upper case, `camel|Case`.
extension ClassifiedText {
    /// `P?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+C?|P?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+
    /// [\p{Ll}\p{Lm}\p{Lo}\p{M}]*C?|\p{N}{1,DIGITS}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+`
    /// where `P` is `[^\r\n\p{L}\p{N}]` and `C` is `(?i:'s|'t|'re|'ve|'m|'ll|'d)` or nothing.
    func casedWord(digits: Int, contractions: Bool) -> (Int, Int) -> Int {
        { position, end in
            if isIn(.number, at: position, to: end) { return numbers(upTo: digits, from: position, to: end) }
            if let word = casedLetters(from: position, to: end) {
                guard contractions, word < end else { return word }
                return contraction(from: word, to: end, ignoringCase: true) ?? word
            }
            if let other = punctuation(
                outside: [.letter, .number], trailing: { isLineBreak($0) || $0 == UInt8(ascii: "/") },
                from: position, to: end)
            {
                return other
            }
            return linesAndSpaces(from: position, to: end)
        }
    }

    /// The two alternatives that begin with letters, each first with its optional scalar before, then without.
    private func casedLetters(from position: Int, to end: Int) -> Int? {
        let mayPrefix = !isIn(.letter, at: position, to: end) && !isLineBreak(bytes[position])
        let second = mayPrefix ? after(position) : position
        if let word = anyThenLower(from: second, to: end) { return word }
        if mayPrefix, let word = anyThenLower(from: position, to: end) { return word }
        if let word = upperThenAny(from: second, to: end) { return word }
        return mayPrefix ? upperThenAny(from: position, to: end) : nil
    }

    /// `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+`
    private func anyThenLower(from position: Int, to end: Int) -> Int? {
        let upper = upperRun(from: position, to: end)
        let lower = lowerRun(from: upper, to: end)
        if lower > upper { return lower }
        // The expression backtracks: the last scalar that counts as both cases is given up to the second half.
        var last = upper
        while last > position {
            let start = before(last)
            if isLower(at: start, to: end) { return last }
            last = start
        }
        return nil
    }

    /// `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*`
    private func upperThenAny(from position: Int, to end: Int) -> Int? {
        let upper = upperRun(from: position, to: end)
        return upper > position ? lowerRun(from: upper, to: end) : nil
    }

    private func upperRun(from position: Int, to end: Int) -> Int {
        var position = position
        while isIn([.letter, .mark], at: position, to: end), !isIn(.lower, at: position, to: end) { position += 1 }
        return position
    }

    private func lowerRun(from position: Int, to end: Int) -> Int {
        var position = position
        while isLower(at: position, to: end) { position += 1 }
        return position
    }

    private func isLower(at position: Int, to end: Int) -> Bool {
        isIn([.letter, .mark], at: position, to: end) && !isIn(.upper, at: position, to: end)
    }
}
