extension PreTokenizer {
    /// Where each word of a text ends, in rising order, the last at the text's end.
    ///
    /// Each rule stands for the regular expressions in its comment, which the families' tokenisers were published with. Of
    /// several expressions each one cuts the words of the one before further: its matches become words, and so does what
    /// lies between them.
    func wordEnds(_ text: ClassifiedText) -> [Int] {
        let words = Words(text)
        return switch rule {
        // `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`
        case .gpt2: words.cut(text.spacedWord).ends
        // `\p{N}`, then as GPT-2
        case .starCoder: words.cut(text.digitGroup(upTo: 1)).cut(text.spacedWord).ends
        // `[\p{P}\$\+<=>\^~\|`]+`, then as GPT-2, then `[0-9][0-9][0-9]`
        case .falcon:
            words.cut(text.punctuationRun(symbols: "$+<=>^~|`")).cut(text.spacedWord).cut(text.threeDigits).ends
        // `[\p{P}\$\+<=>\^~\|]+`, then as GPT-2, then `\p{N}+`, then `[0-9][0-9][0-9]`
        case .original:
            words.cut(text.punctuationRun(symbols: "$+<=>^~|")).cut(text.spacedWord)
                .cut(text.classRun(.number)).cut(text.threeDigits).ends
        // `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|
        //  \s+(?!\S)|\s+`
        case .llama3: words.cut(text.prefixedWord(digits: 3)).ends
        // the same with `\p{N}`
        case .qwen2: words.cut(text.prefixedWord(digits: 1)).ends
        // the same with `[\p{L}\p{M}]` for `\p{L}` in words, and no `\p{M}` among the punctuation
        case .qwen35: words.cut(text.prefixedWord(digits: 1, letters: [.letter, .mark])).ends
        // `\p{N}{1,3}`, then as Llama 3 with `\p{N}+`
        case .miniCPM5: words.cut(text.digitGroup(upTo: 3)).cut(text.prefixedWord(digits: .max)).ends
        case .gpt4o: words.cut(text.casedWord(digits: 3, contractions: true)).ends
        case .tekken: words.cut(text.casedWord(digits: 1, contractions: false)).ends
        case .deepSeekLLM: text.deepSeekLLM(words).ends
        case .deepSeekCoder: text.deepSeekCoder(words).ends
        case .deepSeekV3: text.deepSeekV3(words).ends
        }
    }
}

/// A text cut into words.
struct Words {
    /// Where each word ends.
    private(set) var ends: [Int]

    /// The whole text as one word.
    init(_ text: ClassifiedText) {
        ends = text.count == 0 ? [] : [text.count]
    }

    /// Cuts each word again: `next(position, end)` says where the word ends that begins at a position, at most at `end`.
    @inline(__always)
    func cut(_ next: (Int, Int) -> Int) -> Words {
        var result = self
        result.ends.removeAll(keepingCapacity: true)
        var position = 0
        for end in ends {
            while position < end {
                position = next(position, end)
                result.ends.append(position)
            }
        }
        return result
    }
}
