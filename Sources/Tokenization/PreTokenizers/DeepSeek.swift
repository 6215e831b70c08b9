/// The cuts of DeepSeek's models, one after another.
extension ClassifiedText {
    /// `[\r\n]`, `\s?CASED+`, `\s?[!-/:-~！-／：-～‘-‟　-。]+`, `\s+$`, `[一-龥ࠀ-一가-퟿]+`, `\p{N}+`
    /// where `CASED` lists the letters with case.
    func deepSeekLLM(_ words: Words) -> Words {
        words.cut(lineBreak)
            .cut(matches { spaceThenRun(of: CasedRanges.contain, from: $0, to: $1) })
            .cut(matches { spaceThenRun(of: isWidePunctuation, from: $0, to: $1) })
            .cut(trailingSpace)
            .cut(matches { run(of: isEastAsian, from: $0, to: $1) })
            .cut(classRun(.number))
    }

    /// `[\r\n]`, `\s?\p{L}+`, `\s?\p{P}+`, `[一-龥ࠀ-一가-퟿]+`, `\p{N}`
    func deepSeekCoder(_ words: Words) -> Words {
        words.cut(lineBreak)
            .cut(matches { spaceThenRun(of: .letter, from: $0, to: $1) })
            .cut(matches { spaceThenRun(of: .punctuation, from: $0, to: $1) })
            .cut(matches { run(of: isEastAsian, from: $0, to: $1) })
            .cut(digitGroup(upTo: 1))
    }

    /// `\p{N}{1,3}`, `[一-龥぀-ゟ゠-ヿ]+`, then `PUNCTUATION[A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+|
    /// ` ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+` where `PUNCTUATION` is one ASCII scalar that is no letter, digit
    /// or space.
    func deepSeekV3(_ words: Words) -> Words {
        words.cut(digitGroup(upTo: 3))
            .cut(matches { run(of: isHanOrKana, from: $0, to: $1) })
            .cut(matches { markedWord(from: $0, to: $1) })
    }

    private func markedWord(from position: Int, to end: Int) -> Int? {
        let byte = bytes[position]
        if byte < 0x80, isIn([.punctuation, .symbol], at: position, to: end) {
            let word = run(of: isASCIILetter, from: position + 1, to: end)
            if let word { return word }
        }
        let letters: ScalarClass = [.letter, .mark]
        if isIn(letters, at: position, to: end) { return run(of: letters, from: position, to: end) }
        if !isLineBreak(byte), !isIn([.punctuation, .symbol], at: position, to: end) {
            let second = after(position)
            let word = run(of: letters, from: second, to: end)
            if word > second { return word }
        }
        let first = byte == 0x20 && position + 1 < end ? position + 1 : position
        var marks = run(of: [.punctuation, .symbol], from: first, to: end)
        if marks > first {
            while marks < end, isLineBreak(bytes[marks]) { marks += 1 }
            return marks
        }
        return isIn(.whiteSpace, at: position, to: end) ? linesAndSpaces(from: position, to: end) : nil
    }

    /// `[\r\n]`, each alone.
    private func lineBreak(from position: Int, to end: Int) -> Int {
        if isLineBreak(bytes[position]) { return position + 1 }
        var position = position
        while position < end, !isLineBreak(bytes[position]) { position += 1 }
        return position
    }

    /// `\s+$`
    private func trailingSpace(from position: Int, to end: Int) -> Int {
        var space = end
        while space > position, isIn(.whiteSpace, at: space - 1, to: end) { space -= 1 }
        return space > position ? space : end
    }

    /// `\s?WANTED+`, or nil. The space may itself be wanted.
    private func spaceThenRun(of isWanted: (UInt32) -> Bool, from position: Int, to end: Int) -> Int? {
        if isIn(.whiteSpace, at: position, to: end) {
            let second = after(position)
            if let matched = run(of: isWanted, from: second, to: end) { return matched }
        }
        return run(of: isWanted, from: position, to: end)
    }

    private func spaceThenRun(of wanted: ScalarClass, from position: Int, to end: Int) -> Int? {
        let first = isIn(.whiteSpace, at: position, to: end) ? after(position) : position
        let matched = run(of: wanted, from: first, to: end)
        return matched > first ? matched : nil
    }

    /// `WANTED+`, or nil.
    private func run(of isWanted: (UInt32) -> Bool, from position: Int, to end: Int) -> Int? {
        var after = position
        while after < end, isWanted(scalar(at: after)) { after = self.after(after) }
        return after > position ? after : nil
    }

    private func isASCIILetter(_ scalar: UInt32) -> Bool {
        (scalar | 0x20) &- 0x61 < 26
    }

    /// `[!-/:-~！-／：-～‘-‟　-。]`: ASCII letters are in `:-~` too.
    private func isWidePunctuation(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x21...0x2F, 0x3A...0x7E, 0xFF01...0xFF0F, 0xFF1A...0xFF5E, 0x2018...0x201F, 0x3000...0x3002: true
        default: false
        }
    }

    /// `[一-龥ࠀ-一가-퟿]`
    private func isEastAsian(_ scalar: UInt32) -> Bool {
        (0x0800...0x9FA5).contains(scalar) || (0xAC00...0xD7FF).contains(scalar)
    }

    /// `[一-龥぀-ゟ゠-ヿ]`
    private func isHanOrKana(_ scalar: UInt32) -> Bool {
        (0x3040...0x30FF).contains(scalar) || (0x4E00...0x9FA5).contains(scalar)
    }
}
