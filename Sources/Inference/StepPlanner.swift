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
        /// Whether every token of the prompt gets logits, because the prompt is scored.
        var scoresPrompt = false
    }

    /// A turn's share of a step.
    struct Part: Equatable {
        /// The engine's number for the turn.
        var id: Int
        /// How many of its tokens are computed.
        var tokens: Int
        /// Whether these are the last tokens that wait: what follows them is to be chosen.
        var completesPrompt: Bool
    }

    /// The most rows of one forward pass.
    let maximumRows: Int
    /// The most rows of logits of one forward pass; no fewer than there are turns.
    let maximumLogitRows: Int

    /// Plans one step.
    /// - Parameters:
    ///   - turns: running turns, oldest first.
    ///   - prefillBound: the most prefill tokens of a step that also decodes.
    func plan(_ turns: [Turn], prefillBound: Int) -> [Part] {
        var parts: [Part] = []
        var rows = 0
        for turn in turns where turn.promptTokensLeft == 0 && rows < maximumRows {
            parts.append(Part(id: turn.id, tokens: 1, completesPrompt: true))
            rows += 1
        }
        var left = parts.isEmpty ? maximumRows : min(max(1, prefillBound), maximumRows - rows)
        // Every turn may take one row of logits; what is left over serves prompts that are scored.
        var spareLogitRows = max(0, maximumLogitRows - turns.count)
        for turn in turns where turn.promptTokensLeft > 0 && left > 0 {
            var tokens = min(turn.promptTokensLeft, left)
            if turn.scoresPrompt {
                tokens = min(tokens, 1 + spareLogitRows)
                spareLogitRows -= tokens - 1
            }
            parts.append(Part(id: turn.id, tokens: tokens, completesPrompt: tokens == turn.promptTokensLeft))
            left -= tokens
        }
        return parts
    }
}
