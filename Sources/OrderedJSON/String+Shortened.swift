extension StringProtocol {
    /// The text as an error or a log line quotes it: no more than so many Unicode scalars, and an ellipsis where some are
    /// missing. Not characters, of which a single one can be as long as a body.
    public func shortened(to limit: Int) -> String {
        guard let end = unicodeScalars.index(startIndex, offsetBy: limit, limitedBy: endIndex), end < endIndex else {
            return String(self)
        }
        return String(String.UnicodeScalarView(unicodeScalars[..<end])) + "…"
    }
}
