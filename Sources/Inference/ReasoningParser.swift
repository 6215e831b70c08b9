/// Splits a model's stream into what it thinks (`<think>…</think>`) and what it answers.
///
/// The tags are plain text here: whether a vocabulary has them as tokens of their own or spells them out, the stream of
/// characters is the same. A tag that arrives in pieces is held back until it is whole or proves to be something else.
struct ReasoningParser {
    /// A piece of the stream, and on which side of the tags it stands.
    struct Piece: Equatable {
        var isReasoning: Bool
        var text: String
    }

    private enum State {
        /// Nothing but white space so far: a reasoning span may open here, and only here.
        case beforeAnswer
        case reasoning
        /// The span has closed; white space ahead of the answer belongs to neither.
        case afterReasoning
        case answer
    }

    private static let open = Array("<think>".utf8)
    private static let close = Array("</think>".utf8)

    private var state: State
    private var held: [UInt8] = []
    /// How many bytes of the stream are no longer held: each has come out, or was a tag or white space beside one.
    private(set) var position = 0
    /// How many bytes stood ahead of the answer: the span, its tags, white space; nil before the answer has begun.
    private(set) var answerStart: Int?

    /// - Parameter startsInside: whether the prompt itself has opened the span (some templates end with `<think>`).
    init(startsInside: Bool) {
        state = startsInside ? .reasoning : .beforeAnswer
    }

    /// Whether the stream is inside the span now.
    var isReasoning: Bool { state == .reasoning }

    /// Takes the next whole characters; returns the pieces that are certain.
    mutating func append(_ text: String) -> [Piece] {
        held.append(contentsOf: text.utf8)
        var pieces: [Piece] = []
        while !held.isEmpty {
            switch state {
            case .beforeAnswer:
                let spaces = held.prefix(while: Self.isSpace).count
                let body = held.dropFirst(spaces)
                if body.starts(with: Self.open) {
                    drop(spaces + Self.open.count)
                    state = .reasoning
                } else if Self.open.starts(with: body) {
                    return pieces
                } else {
                    beginAnswer()
                }
            case .reasoning:
                guard let end = ByteSearch.firstOccurrence(of: Self.close, in: held) else {
                    emit(held.count - ByteSearch.overlap(of: held, with: Self.close), isReasoning: true, to: &pieces)
                    return pieces
                }
                emit(end, isReasoning: true, to: &pieces)
                drop(Self.close.count)
                state = .afterReasoning
            case .afterReasoning:
                drop(held.prefix(while: Self.isSpace).count)
                if !held.isEmpty {
                    beginAnswer()
                }
            case .answer:
                emit(held.count, isReasoning: false, to: &pieces)
            }
        }
        return pieces
    }

    /// The stream is over: what was held back is what it looked like.
    mutating func finish() -> [Piece] {
        var pieces: [Piece] = []
        if state == .beforeAnswer {
            beginAnswer()
        }
        if state != .afterReasoning {
            emit(held.count, isReasoning: state == .reasoning, to: &pieces)
        }
        held = []
        return pieces
    }

    private mutating func emit(_ count: Int, isReasoning: Bool, to pieces: inout [Piece]) {
        guard count > 0 else { return }
        pieces.append(Piece(isReasoning: isReasoning, text: String(decoding: held[..<count], as: UTF8.self)))
        drop(count)
    }

    private mutating func drop(_ count: Int) {
        held.removeFirst(count)
        position += count
    }

    private mutating func beginAnswer() {
        state = .answer
        answerStart = position
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte)
    }
}
