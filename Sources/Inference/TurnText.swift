internal import Tokenization

/// Turns the tokens of one turn into what its client reads: bytes → whole characters → stop strings → reasoning.
struct TurnText {
    private var detokenizer: StreamingDetokenizer
    private var stops: StopStringFilter
    private var reasoning: ReasoningParser?
    private let includesReasoning: Bool

    /// - Parameters:
    ///   - reasoning: how the stream's reasoning span is found; nil for a model that has none.
    ///   - includesReasoning: whether the client sees the span.
    init(
        _ tokenizer: Tokenizer, stopStrings: [String], reasoning: ReasoningParser?, includesReasoning: Bool
    ) {
        detokenizer = StreamingDetokenizer(tokenizer)
        stops = StopStringFilter(stopStrings)
        self.reasoning = reasoning
        self.includesReasoning = includesReasoning
    }

    /// Whether a stop string has ended the turn.
    var isStopped: Bool { stops.isStopped }

    /// Whether the model is thinking now.
    var isReasoning: Bool { reasoning?.isReasoning ?? false }

    /// The events that one more token causes.
    mutating func append(_ token: Token) -> [GenerationEvent] {
        events(stops.append(detokenizer.append(token)))
    }

    /// The events of what was held back, at the end of the turn.
    mutating func finish() -> [GenerationEvent] {
        let rest = detokenizer.finish()
        return events(stops.append(rest)) + events(stops.finish())
            + (reasoning?.finish() ?? []).compactMap(event)
    }

    private mutating func events(_ text: String) -> [GenerationEvent] {
        guard !text.isEmpty else { return [] }
        guard reasoning != nil else { return [.text(text)] }
        return (reasoning?.append(text) ?? []).compactMap(event)
    }

    private func event(_ piece: ReasoningParser.Piece) -> GenerationEvent? {
        guard piece.isReasoning else { return .text(piece.text) }
        return includesReasoning ? .reasoning(piece.text) : nil
    }
}
