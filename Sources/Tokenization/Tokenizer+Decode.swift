extension Tokenizer {
    /// The bytes that a token stands for in text.
    ///
    /// They may be part of a character: use `StreamingDetokenizer`, or `decode` for several tokens. Control, unknown and
    /// unused tokens stand for nothing, unless `includingControl`: then the first two stand for their spelling. So do
    /// numbers outside the vocabulary, always.
    public func bytes(of token: Token, includingControl: Bool = false) -> [UInt8] {
        var bytes: [UInt8] = []
        appendBytes(of: token, includingControl: includingControl, to: &bytes)
        return bytes
    }

    /// The text of several tokens; what is no UTF-8 comes out as U+FFFD.
    ///
    /// The space that encoding put before the text is taken away again.
    public func decode(_ tokens: [Token], includingControl: Bool = false) -> String {
        var detokenizer = StreamingDetokenizer(self, includingControl: includingControl)
        var text = ""
        for token in tokens { text += detokenizer.append(token) }
        return text + detokenizer.finish()
    }

    /// A token as the vocabulary spells it (`Ġhello`, `▁hello`, `<0x0A>`), for display; empty for numbers outside it.
    public func piece(of token: Token) -> String {
        guard kind(of: token) != nil else { return "" }
        return String(decoding: vocabulary.pieces.bytes(Int(token)), as: UTF8.self)
    }

    func appendBytes(of token: Token, includingControl: Bool, to output: inout [UInt8]) {
        guard let kind = kind(of: token) else { return }
        let piece = vocabulary.pieces[Int(token)]
        switch kind {
        case .control, .unknown:
            if includingControl { output.append(contentsOf: piece) }
        case .unused: break
        case .userDefined: output.append(contentsOf: piece)
        case .byte:
            if let byte = SentencePieceSpelling.byte(piece) { output.append(byte) }
        case .normal:
            switch vocabulary.model {
            case .bpe: ByteAlphabet.appendBytes(spelledBy: piece, to: &output)
            case .spm: SentencePieceSpelling.appendText(piece, to: &output)
            }
        }
    }
}
