/// Searching. UTF-8 synchronises itself, so a match of bytes is a match of scalars.
extension Text {
    /// The offset of the first occurrence at or after an offset; nil when there is none. Linear time.
    func firstOffset(of pattern: Text, from start: Int = 0) -> Int? {
        guard start <= count - pattern.count else { return nil }
        if pattern.isEmpty { return start }
        var matcher = ByteMatcher(pattern.bytes)
        for index in lower + start..<upper where matcher.advance(storage.bytes[index]) {
            return index - lower + 1 - pattern.count
        }
        return nil
    }

    /// The offset of the last occurrence that ends at or before an offset.
    func lastOffset(of pattern: Text, before end: Int? = nil) -> Int? {
        let end = end ?? count
        guard pattern.count <= end else { return nil }
        if pattern.isEmpty { return end }
        var matcher = ByteMatcher(Array(pattern.bytes.reversed()))
        for index in stride(from: lower + end - 1, through: lower, by: -1) where matcher.advance(storage.bytes[index]) {
            return index - lower
        }
        return nil
    }

    func contains(_ pattern: Text) -> Bool { firstOffset(of: pattern) != nil }

    /// The offsets of all occurrences that do not overlap, from the left, at most `limit` of them.
    func offsets(of pattern: Text, limit: Int = .max) -> [Int] {
        var result: [Int] = []
        if pattern.isEmpty { return result }
        var matcher = ByteMatcher(pattern.bytes)
        for index in lower..<upper where result.count < limit && matcher.advance(storage.bytes[index]) {
            result.append(index - lower + 1 - pattern.count)
            matcher.reset()
        }
        return result
    }
}

/// Knuth, Morris and Pratt's search: linear whatever the pattern.
private struct ByteMatcher {
    private let pattern: [UInt8]
    private let failure: [Int]
    private var matched = 0

    init(_ bytes: some Sequence<UInt8>) {
        pattern = Array(bytes)
        var failure = [Int](repeating: 0, count: pattern.count)
        var length = 0
        for index in pattern.indices.dropFirst() {
            while length > 0, pattern[index] != pattern[length] { length = failure[length - 1] }
            if pattern[index] == pattern[length] { length += 1 }
            failure[index] = length
        }
        self.failure = failure
    }

    /// Takes the next byte; true when the pattern ends with it.
    mutating func advance(_ byte: UInt8) -> Bool {
        while matched > 0, matched == pattern.count || byte != pattern[matched] { matched = failure[matched - 1] }
        if byte == pattern[matched] { matched += 1 }
        return matched == pattern.count
    }

    mutating func reset() { matched = 0 }
}
