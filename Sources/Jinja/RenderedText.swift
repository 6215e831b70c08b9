/// What a template gives: a prompt, and which parts of it may hold control tokens.
public struct RenderedText: Sendable, Hashable {
    /// The prompt.
    public let text: String
    /// Ranges of UTF-8 offsets into `text`, ascending, not adjacent, none empty: what the template itself wrote, and
    /// text of trusted values. All else came from untrusted values. A control token counts only wholly inside one range.
    public let trustedRanges: [Range<Int>]

    init(_ text: Text) {
        self.text = text.string
        var ranges: [Range<Int>] = []
        text.storage.forEachRun(in: text.lower..<text.upper) { range, trusted in
            if trusted { ranges.append(range.lowerBound - text.lower..<range.upperBound - text.lower) }
        }
        trustedRanges = ranges
    }
}
