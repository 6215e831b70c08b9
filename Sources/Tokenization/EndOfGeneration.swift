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

    /// Finds those tokens, and marks them as control tokens in `kinds`.
    static func find(in pieces: PieceTable, kinds: inout [TokenKind]) -> Set<Token> {
        var found: [String: Token] = [:]
        for (token, text) in pieces.spelled(distinctive.union(ambiguous)) {
            guard distinctive.contains(text) || kinds[token] != .normal else { continue }
            found[text] = found[text] ?? Token(token)
            kinds[token] = .control
        }
        // In Harmony (gpt-oss) and Solar Open, `<|end|>` ends a message within an answer.
        let calls = found["<|call|>"] ?? found["<|calls|>"]
        if calls != nil, found["<|return|>"] != nil || found["<|flush|>"] != nil {
            found["<|end|>"] = nil
        }
        return Set(found.values)
    }
}
