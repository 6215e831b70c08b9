/// Decides what one step of the engine computes: the next token of every decoding turn, and a bounded chunk of prefill.
///
/// Pure: it sees counts and returns counts. The bound on the prefill chunk is what keeps running turns fluent while a
/// long prompt comes in; which bound that is, the engine measures.
struct StepPlanner {
    /// A turn as the planner sees it.
    struct Turn: Equatable {
        /// The engine's number for the turn.
        var id: Int
        /// Prompt tokens that are not in the KV cache yet; 0: the turn is decoding.
        var promptTokensLeft: Int
    }

    /// A turn's share of a step.
    struct Part: Equatable {
        /// The engine's number for the turn.
        var id: Int
        /// How many of its tokens are computed.
        var tokens: Int
        /// Whether the logits of the last of them are wanted: the turn's next token is chosen from them.
        var wantsLogits: Bool
    }

    /// The most rows of one forward pass.
    let maximumRows: Int

    /// Plans one step.
    /// - Parameters:
    ///   - turns: running turns, oldest first.
    ///   - prefillBound: the most prefill tokens of a step that also decodes.
    func plan(_ turns: [Turn], prefillBound: Int) -> [Part] {
        var parts: [Part] = []
        var rows = 0
        for turn in turns where turn.promptTokensLeft == 0 && rows < maximumRows {
            parts.append(Part(id: turn.id, tokens: 1, wantsLogits: true))
            rows += 1
        }
        var left = parts.isEmpty ? maximumRows : min(max(1, prefillBound), maximumRows - rows)
        for turn in turns where turn.promptTokensLeft > 0 && left > 0 {
            let tokens = min(turn.promptTokensLeft, left)
            parts.append(Part(id: turn.id, tokens: tokens, wantsLogits: tokens == turn.promptTokensLeft))
            left -= tokens
        }
        return parts
    }
}
