/// A string of a template: a range of a storage, always whole Unicode scalars. Copying and slicing are cheap.
struct Text {
    let storage: TextStorage
    let lower: Int
    let upper: Int
    /// Marked by `safe` or `escape`; joined with other text, that text is escaped. As in Python's MarkupSafe.
    var isMarkup = false

    init(storage: TextStorage, lower: Int, upper: Int, isMarkup: Bool = false) {
        self.storage = storage
        self.lower = lower
        self.upper = upper
        self.isMarkup = isMarkup
    }

    init(_ string: String, trusted: Bool = true) {
        self.init(bytes: string.utf8, trusted: trusted)
    }

    init(bytes: some Collection<UInt8>, trusted: Bool) {
        let storage = TextStorage(bytes, trusted: trusted)
        self.init(storage: storage, lower: 0, upper: storage.bytes.count)
    }

    /// Bytes of UTF-8.
    var count: Int { upper - lower }
    var isEmpty: Bool { upper == lower }
    var bytes: ArraySlice<UInt8> { storage.bytes[lower..<upper] }
    var string: String { String(decoding: bytes, as: UTF8.self) }

    /// Whether every byte comes from the template or from trusted values.
    var isTrusted: Bool { storage.isTrusted(lower..<upper) }

    /// Known to be ASCII; false when unknown.
    var isKnownASCII: Bool { storage.isASCII }

    /// Part of this text, by offsets of bytes from its start.
    func slice(_ range: Range<Int>) -> Text {
        Text(
            storage: storage, lower: lower + range.lowerBound, upper: lower + range.upperBound, isMarkup: isMarkup)
    }

    func withMarkup(_ isMarkup: Bool) -> Text {
        Text(storage: storage, lower: lower, upper: upper, isMarkup: isMarkup)
    }

    func hasPrefix(_ other: Text) -> Bool { bytes.starts(with: other.bytes) }

    func hasSuffix(_ other: Text) -> Bool {
        count >= other.count && storage.bytes[(upper - other.count)..<upper].elementsEqual(other.bytes)
    }

    /// Whether appending another text copies only that one.
    func growsInPlace(with other: Text) -> Bool {
        storage.isGrowable && upper == storage.bytes.count && storage !== other.storage
    }

    /// This text followed by another; in place when this one ends its storage.
    func appending(_ other: Text) -> Text {
        if isEmpty { return other.withMarkup(isMarkup) }
        if other.isEmpty { return self }
        if growsInPlace(with: other) {
            storage.append(other)
            return Text(storage: storage, lower: lower, upper: storage.bytes.count, isMarkup: isMarkup)
        }
        let joined = TextStorage()
        joined.reserve((count + other.count) * 2)
        joined.append(self)
        joined.append(other)
        return Text(storage: joined, lower: 0, upper: joined.bytes.count, isMarkup: isMarkup)
    }
}

extension TextStorage {
    /// Appends a text of another storage, runs and all.
    func append(_ text: Text) {
        text.storage.forEachRun(in: text.lower..<text.upper) { range, trusted in
            append(text.storage.bytes[range], trusted: trusted)
        }
    }
}

extension Text: Hashable {
    static func == (left: Text, right: Text) -> Bool {
        left.count == right.count && left.bytes.elementsEqual(right.bytes)
    }

    func hash(into hasher: inout Hasher) {
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    }
}

extension Text: Comparable {
    /// The order of Unicode scalars, which is the order of UTF-8 bytes.
    static func < (left: Text, right: Text) -> Bool { left.bytes.lexicographicallyPrecedes(right.bytes) }
}
