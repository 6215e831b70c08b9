/// Searches in UTF-8 for texts that arrive in pieces.
enum ByteSearch {
    /// The offset of the first occurrence of `needle`, or nil.
    static func firstOccurrence(of needle: [UInt8], in text: [UInt8]) -> Int? {
        guard let first = needle.first, text.count >= needle.count else { return nil }
        for start in 0...(text.count - needle.count) where text[start] == first {
            if text[start...].starts(with: needle) {
                return start
            }
        }
        return nil
    }

    /// The length of the longest proper prefix of `needle` that `text` ends with.
    static func overlap(of text: [UInt8], with needle: [UInt8]) -> Int {
        var length = min(text.count, needle.count - 1)
        while length > 0 {
            if text.suffix(length).elementsEqual(needle.prefix(length)) {
                return length
            }
            length -= 1
        }
        return 0
    }
}
