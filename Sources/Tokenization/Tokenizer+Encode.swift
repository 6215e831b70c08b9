extension Tokenizer {
    /// The tokens of a text.
    ///
    /// - Parameters:
    ///   - text: The text. What lies between recognised special tokens is cut into words as one run, whatever the ranges
    ///     of `specialTokens` are.
    ///   - specialTokens: Where control tokens may be recognised. Use `.plainText` for whatever a user wrote.
    ///   - addBoundaryTokens: Whether BOS and EOS are put around the text as the vocabulary says. BOS is not put before a
    ///     text that begins with it (a chat template may have written it), nor EOS after one that ends with it.
    public func encode(_ text: String, specialTokens: SpecialTokens, addBoundaryTokens: Bool) -> [Token] {
        var tokens: [Token] = []
        if addBoundaryTokens, vocabulary.addsBOS, let bos = vocabulary.bos { tokens.append(bos) }
        var text = text
        text.withUTF8 { encode($0, specialTokens, into: &tokens) }
        guard addBoundaryTokens else { return tokens }
        if vocabulary.addsBOS, let bos = vocabulary.bos, tokens.count > 1, tokens[1] == bos { tokens.removeFirst() }
        if vocabulary.addsEOS, let eos = vocabulary.eos, tokens.last != eos { tokens.append(eos) }
        return tokens
    }

    /// Cuts a text at its special tokens and encodes what lies between.
    private func encode(
        _ text: UnsafeBufferPointer<UInt8>, _ specialTokens: SpecialTokens, into tokens: inout [Token]
    ) {
        var fragments = FragmentEncoder(self)
        var trusted = TrustedRanges(specialTokens, count: text.count)
        var position = 0
        while let match = specials.next(in: text, from: position, mayParse: { trusted.contain($0) }) {
            fragments.append(
                UnsafeBufferPointer(rebasing: text[position..<match.range.lowerBound]), into: &tokens)
            tokens.append(match.token)
            fragments.isAfterText = false
            position = match.range.upperBound
            if takesSpaceAfter(match.token) {
                while position < text.count, isASCIISpace(text[position]) { position += 1 }
            }
        }
        fragments.append(UnsafeBufferPointer(rebasing: text[position...]), into: &tokens)
    }

    /// Whether white space after a special token belongs to it.
    private func takesSpaceAfter(_ token: Token) -> Bool {
        guard let keepsSpaceAfter = vocabulary.keepsSpaceAfter else { return false }
        return !keepsSpaceAfter.contains(String(decoding: vocabulary.pieces.bytes(Int(token)), as: UTF8.self))
    }

    /// White space as C's `isspace` has it.
    private func isASCIISpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte)
    }
}

/// Encodes the stretches of a text between its special tokens, one after another.
private struct FragmentEncoder {
    /// Whether text, rather than a special token or nothing, stands before the next stretch.
    var isAfterText = false

    private let tokenizer: Tokenizer
    private var bytePairScratch = BytePairEncoder.Scratch()
    private var sentencePieceScratch = SentencePieceEncoder.Scratch()

    init(_ tokenizer: Tokenizer) {
        self.tokenizer = tokenizer
    }

    mutating func append(_ text: UnsafeBufferPointer<UInt8>, into tokens: inout [Token]) {
        guard !text.isEmpty else { return }
        switch tokenizer.encoder {
        case .bytePair(let encoder):
            encoder.encode(text, into: &tokens, scratch: &bytePairScratch)
        case .sentencePiece(let encoder):
            sentencePieceScratch.text.removeAll(keepingCapacity: true)
            if tokenizer.vocabulary.addsSpacePrefix, !isAfterText {
                sentencePieceScratch.text.append(contentsOf: SentencePieceSpelling.space)
            }
            if tokenizer.vocabulary.removesExtraWhitespace {
                SentencePieceSpelling.appendTrimmed(text, to: &sentencePieceScratch.text)
            } else {
                SentencePieceSpelling.append(text, to: &sentencePieceScratch.text)
            }
            encoder.encode(into: &tokens, scratch: &sentencePieceScratch)
        }
        isAfterText = true
    }
}

/// Answers, for places that come in rising order, whether a control token may be recognised there.
private struct TrustedRanges {
    private let ranges: [Range<Int>]
    private var next = 0
    /// Where the last of the ranges ends that begin at or before the place asked about last.
    private var reach = 0

    init(_ specialTokens: SpecialTokens, count: Int) {
        switch specialTokens {
        case .parsed: ranges = [0..<count]
        case .plainText: ranges = []
        case .parsedIn(let given): ranges = given.sorted { $0.lowerBound < $1.lowerBound }
        }
    }

    mutating func contain(_ place: Range<Int>) -> Bool {
        while next < ranges.count, ranges[next].lowerBound <= place.lowerBound {
            reach = max(reach, ranges[next].upperBound)
            next += 1
        }
        return place.upperBound <= reach
    }
}
