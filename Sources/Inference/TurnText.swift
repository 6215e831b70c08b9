internal import Tokenization

/// Turns the tokens of one turn into what its client reads: bytes → whole characters → stop strings → reasoning.
///
/// Tokens that come with a probability wait until the text they are part of comes out, and go with it.
struct TurnText {
    private var detokenizer: StreamingDetokenizer
    private var stops: StopStringFilter
    private var reasoning: ReasoningParser?
    private let includesReasoning: Bool
    /// Bytes that have left the detokeniser, and those of them that no stop string can take back.
    private var (written, certain) = (0, 0)
    /// Tokens whose text is not all out: where it ends, in bytes of the whole stream.
    private var scored: [(end: Int, score: TokenLogProbability)] = []

    /// - Parameters:
    ///   - continuesText: whether the first token goes on with text before it.
    ///   - reasoning: how the stream's reasoning span is found; nil for a model that has none.
    ///   - includesReasoning: whether the client sees the span.
    init(
        _ tokenizer: Tokenizer, continuesText: Bool, stopStrings: [String], reasoning: ReasoningParser?,
        includesReasoning: Bool
    ) {
        detokenizer = StreamingDetokenizer(tokenizer, continuing: continuesText)
        stops = StopStringFilter(stopStrings)
        self.reasoning = reasoning
        self.includesReasoning = includesReasoning
    }

    /// Whether a stop string has ended the turn.
    var isStopped: Bool { stops.isStopped }

    /// Whether the model is thinking now.
    var isReasoning: Bool { reasoning?.isReasoning ?? false }

    /// The events that one more token causes.
    mutating func append(_ token: Token, score: TokenLogProbability? = nil) -> [GenerationEvent] {
        let text = detokenizer.append(token)
        written += text.utf8.count
        if let score {
            // The rest of a character comes with a later token: one byte more, at least.
            scored.append((written + (detokenizer.isInsideCharacter ? 1 : 0), score))
        }
        return events(stops.append(text))
    }

    /// The events of what was held back, at the end of the turn.
    mutating func finish() -> [GenerationEvent] {
        let rest = detokenizer.finish()
        written += rest.utf8.count
        var events = events(stops.append(rest)) + events(stops.finish())
        events += self.events(reasoning?.finish() ?? [])
        // Tokens without text at the very end: control tokens.
        let last = takeScores()
        if !last.isEmpty {
            events.append(.text("", last))
        }
        return events
    }

    private mutating func events(_ text: String) -> [GenerationEvent] {
        guard !text.isEmpty else { return [] }
        certain += text.utf8.count
        guard reasoning != nil else { return [.text(text, takeScores())] }
        return events(reasoning?.append(text) ?? [])
    }

    private mutating func events(_ pieces: [ReasoningParser.Piece]) -> [GenerationEvent] {
        var events: [GenerationEvent] = []
        for piece in pieces {
            if !piece.isReasoning {
                events.append(.text(piece.text, takeScores()))
            } else if includesReasoning {
                events.append(.reasoning(piece.text))
            }
        }
        return events
    }

    /// Takes the tokens whose text is out, without those of the reasoning span and its tags.
    private mutating func takeScores() -> [TokenLogProbability] {
        guard !scored.isEmpty else { return [] }
        var end = certain
        if let reasoning {
            guard let start = reasoning.answerStart else { return [] }
            end = reasoning.position
            if start > 0 {
                scored.removeAll { $0.end <= start }
            }
        }
        let count = scored.prefix { $0.end <= end }.count
        defer { scored.removeFirst(count) }
        return scored.prefix(count).map(\.score)
    }
}
