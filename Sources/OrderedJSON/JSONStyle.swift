/// How a document is written. The options are those of Python's `json.dumps`; the defaults are compact.
public struct JSONStyle: Sendable, Hashable {
    /// Between elements and between members.
    public var itemSeparator: String
    /// Between a key and its value.
    public var keySeparator: String
    /// What one level is indented by; nil for one line. An empty string gives line breaks without indentation.
    public var indentation: String?
    /// Members ordered by key (by Unicode scalars) instead of as they stand.
    public var sortsKeys: Bool
    /// Characters outside ASCII as `\uXXXX`.
    public var escapesNonASCII: Bool
    /// What a value that JSON cannot write becomes: `NaN`, `Infinity` and `-Infinity` as in Python, or else `null`.
    public var writesNonFiniteNumbers: Bool

    /// A style of one's own.
    public init(
        itemSeparator: String = ",", keySeparator: String = ":", indentation: String? = nil, sortsKeys: Bool = false,
        escapesNonASCII: Bool = false, writesNonFiniteNumbers: Bool = false
    ) {
        self.itemSeparator = itemSeparator
        self.keySeparator = keySeparator
        self.indentation = indentation
        self.sortsKeys = sortsKeys
        self.escapesNonASCII = escapesNonASCII
        self.writesNonFiniteNumbers = writesNonFiniteNumbers
    }

    /// One line, no spaces.
    public static let compact = JSONStyle()
    /// Two spaces a level.
    public static let pretty = JSONStyle(keySeparator: ": ", indentation: "  ")
    /// What `json.dumps(value, ensure_ascii=False)` writes.
    public static let python = JSONStyle(itemSeparator: ", ", keySeparator: ": ", writesNonFiniteNumbers: true)
}
