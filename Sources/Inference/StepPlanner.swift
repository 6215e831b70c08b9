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
        /// Tokens that are in the KV cache.
        var depth = 0
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
    /// What each token that a prefill token sees adds to its cost; the cost of one that sees none is 1.
    var depthCost = 0.0

    /// What prefilling `tokens` tokens costs that follow `depth` others.
    func cost(tokens: Int, depth: Int) -> Double {
        Double(tokens) * (1 + depthCost * (Double(depth) + Double(tokens) / 2))
    }

    /// The most tokens that follow `depth` others and cost no more than `budget`.
    private func fitting(_ budget: Double, depth: Int) -> Int {
        // Of depthCost / 2 · n² + first · n = budget, in a form that also serves a depthCost of zero.
        let first = 1 + depthCost * Double(depth)
        return Int(2 * budget / (first + (first * first + 2 * depthCost * budget).squareRoot()))
    }

    /// Plans one step.
    /// - Parameters:
    ///   - turns: running turns, oldest first.
    ///   - prefillBound: the most that prefill may cost in a step that also decodes, in tokens that see no others.
    func plan(_ turns: [Turn], prefillBound: Double) -> [Part] {
        var parts: [Part] = []
        var rows = 0
        for turn in turns where turn.promptTokensLeft == 0 && rows < maximumRows {
            parts.append(Part(id: turn.id, tokens: 1, completesPrompt: true))
            rows += 1
        }
        let decoding = rows
        var budget = prefillBound
        // Every turn may take one row of logits; what is left over serves prompts that are scored.
        var spareLogitRows = max(0, maximumLogitRows - turns.count)
        for turn in turns where turn.promptTokensLeft > 0 && rows < maximumRows {
            var tokens = min(turn.promptTokensLeft, maximumRows - rows)
            if decoding > 0 {
                // The first prompt moves on, however deep it is.
                tokens = min(tokens, max(fitting(budget, depth: turn.depth), rows == decoding ? 1 : 0))
                guard tokens > 0 else { break }
            }
            if turn.scoresPrompt {
                tokens = min(tokens, 1 + spareLogitRows)
                spareLogitRows -= tokens - 1
            }
            parts.append(Part(id: turn.id, tokens: tokens, completesPrompt: tokens == turn.promptTokensLeft))
            rows += tokens
            budget = max(0, budget - cost(tokens: tokens, depth: turn.depth))
        }
        return parts
    }
}
