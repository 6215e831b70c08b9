/// Tokens that end a model's answer, known by their spelling: files name only one or two of theirs.
enum EndOfGeneration {
    /// Spellings that no ordinary text has: these end an answer, and are control tokens, even where a file says that they
    /// are ordinary.
    static let distinctive: Set<String> = [
        "<|eot_id|>", "<|eom_id|>", "<|im_end|>", "<|end|>", "<|return|>", "<|call|>", "<|calls|>", "<|flush|>",
        "<|endoftext|>", "<|end_of_text|>", "<|fim_pad|>", "<|fim_repo|>", "<|repo_name|>", "<|file_sep|>",
        "<end_of_turn>", "<end_of_utterance>", "<turn|>", "<|tool_response>", "<｜end▁of▁sentence｜>",
    ]

    /// Spellings that may be ordinary text too (`</s>` strikes text out in HTML): these end an answer only where a file
    /// says that they are no ordinary piece.
    static let ambiguous: Set<String> = ["</s>", "<eos>", "<EOT>", "_<EOT>", "[EOT]", "[EOS]", "[e~[", "<fim_pad>"]

    /// The longest of them, in bytes.
    private static let longest = distinctive.union(ambiguous).map(\.utf8.count).max() ?? 0

    /// Finds those tokens, and marks them as control tokens in `kinds`.
    static func find(in pieces: PieceTable, kinds: inout [TokenKind]) -> Set<Token> {
        var found: [String: Token] = [:]
        for token in 0..<pieces.count {
            let length = pieces.length(token)
            guard length > 1, length <= longest else { continue }
            let piece = pieces[token]
            // `<`, `[` or `_` in front and `>`, `]` or `[` behind rule out nearly every piece.
            guard [0x3C, 0x5B, 0x5F].contains(piece[0]), [0x3E, 0x5D, 0x5B].contains(piece[length - 1]) else {
                continue
            }
            let text = String(decoding: piece, as: UTF8.self)
            if distinctive.contains(text) || ambiguous.contains(text) && kinds[token] != .normal {
                found[text] = found[text] ?? Token(token)
                kinds[token] = .control
            }
        }
        // In Harmony (gpt-oss) and Solar Open, `<|end|>` ends a message within an answer.
        let calls = found["<|call|>"] ?? found["<|calls|>"]
        if calls != nil, found["<|return|>"] != nil || found["<|flush|>"] != nil {
            found["<|end|>"] = nil
        }
        return Set(found.values)
    }
}
