/// A token's number: its place in the vocabulary.
public typealias Token = Int32

/// What a token is for. The raw values are those of `tokenizer.ggml.token_type` in GGUF files.
public enum TokenKind: UInt8, Sendable, Hashable, CaseIterable {
    /// Ordinary text.
    case normal = 1
    /// Stands for what the vocabulary cannot say.
    case unknown
    /// Structure of the prompt, such as `<|im_start|>`: never comes from plain text and detokenises to nothing.
    case control
    /// Added to the vocabulary as a whole: recognised in any text, before all else.
    case userDefined
    /// Reserved, without meaning: detokenises to nothing.
    case unused
    /// One byte, spelled `<0x0A>`.
    case byte

    /// Whether text can turn into such a token by merging.
    @inline(__always)
    var comesFromText: Bool {
        switch self {
        case .normal, .userDefined, .unused: true
        case .unknown, .control, .byte: false
        }
    }
}
