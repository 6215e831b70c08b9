import Tokenization

/// Vocabularies of a few pieces, made by hand.
enum SmallVocabularies {
    /// The spelling of each byte in byte-level pieces.
    static let byteSpellings: [String] = {
        var next: UInt32 = 0x100
        return (UInt32(0)...255).map { byte in
            if (0x21...0x7E).contains(byte) || (0xA1...0xAC).contains(byte) || byte >= 0xAE {
                return String(Character(Unicode.Scalar(UInt8(byte))))
            }
            defer { next += 1 }
            return Unicode.Scalar(next).map { String(Character($0)) } ?? ""
        }
    }()

    /// All bytes, then what `merges` make, then `specials`.
    static func bytePair(
        _ merges: [String], specials: [(String, TokenKind)] = [], pre: String = "gpt-2"
    ) throws -> Vocabulary {
        var pieces = byteSpellings
        for merge in merges {
            let piece = merge.split(separator: " ").joined()
            if !pieces.contains(piece) { pieces.append(piece) }
        }
        let normal = [TokenKind](repeating: .normal, count: pieces.count)
        return Vocabulary(
            model: .bpe(try PreTokenizer(named: pre)), pieces: PieceTable(pieces + specials.map(\.0)),
            kinds: normal + specials.map(\.1), merges: PieceTable(merges))
    }

    /// `<unk>`, `<s>`, `</s>`, all bytes from token 3 on, then pieces with scores that fall by one.
    static func sentencePiece(_ pieces: [String], specials: [(String, TokenKind)] = []) -> Vocabulary {
        let bytes = (0...255).map { byte in
            let digits = String(byte, radix: 16, uppercase: true)
            return "<0x" + (digits.count < 2 ? "0" : "") + digits + ">"
        }
        var vocabulary = Vocabulary(
            model: .spm, pieces: PieceTable(["<unk>", "<s>", "</s>"] + bytes + pieces + specials.map(\.0)),
            kinds: [.unknown, .control, .control] + [TokenKind](repeating: .byte, count: 256)
                + [TokenKind](repeating: .normal, count: pieces.count) + specials.map(\.1),
            scores: [Float](repeating: 0, count: 259) + pieces.indices.map { -Float($0) } + specials.map { _ in 0 })
        vocabulary.unknown = 0
        vocabulary.bos = 1
        vocabulary.eos = 2
        vocabulary.addsBOS = true
        vocabulary.addsSpacePrefix = true
        return vocabulary
    }
}

extension Tokenizer {
    /// The spellings of a text's tokens.
    func pieces(
        _ text: String, _ specialTokens: SpecialTokens = .parsed, addBoundaryTokens: Bool = false
    ) -> [String] {
        encode(text, specialTokens: specialTokens, addBoundaryTokens: addBoundaryTokens).map { piece(of: $0) }
    }
}
