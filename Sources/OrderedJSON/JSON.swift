public import OrderedCollections

/// A JSON value (RFC 8259) whose objects keep the order in which their members were written.
///
/// Whole numbers that fit 64 bits stay exact (`integer`); every other number is a `number`. The two are different values:
/// `1` and `1.0` are not equal, and each is written back as it was read.
///
/// Keys are Swift strings, so two keys that differ only in Unicode normalisation are one key.
public indirect enum JSON: Sendable, Hashable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number without fraction or exponent that fits 64 bits.
    case integer(Int64)
    /// Any other number. Finite when it was parsed.
    case number(Double)
    /// Text.
    case string(String)
    /// Values in order.
    case array([JSON])
    /// Members in the order of their first appearance.
    case object(OrderedDictionary<String, JSON>)
}

extension JSON {
    /// Parses one JSON document (RFC 8259, strictly: no comments, no trailing commas, no `NaN`, no byte order mark).
    ///
    /// Of members with the same key the last one wins, at the place of the first, as in Python and JavaScript. An escape
    /// that is half of a surrogate pair becomes U+FFFD: clients that cut an emoji in two send such text, and it cannot be
    /// written in UTF-8. Bytes that are not UTF-8 are an error. Time is linear in the number of bytes.
    ///
    /// - Throws: `JSONError` with the offset of the offending byte.
    public init(parsing bytes: some Collection<UInt8>, limits: JSONLimits = .default) throws(JSONError) {
        guard bytes.count <= limits.bytes else {
            throw JSONError(.tooLarge(bytes: bytes.count, limit: limits.bytes), offset: limits.bytes)
        }
        var parser = JSONParser(bytes: Array(bytes), limits: limits)
        self = try parser.parseDocument()
    }

    /// Parses one JSON document from text; see `init(parsing:limits:)` over bytes.
    ///
    /// - Throws: `JSONError` with the UTF-8 offset of the offending byte.
    public init(parsing text: String, limits: JSONLimits = .default) throws(JSONError) {
        try self.init(parsing: text.utf8, limits: limits)
    }

    /// The document as text. See `JSONStyle` for the styles, and `serializedBytes` for the same as UTF-8.
    public func serialized(_ style: JSONStyle = .compact) -> String {
        String(decoding: serializedBytes(style), as: UTF8.self)
    }

    /// The document as UTF-8.
    public func serializedBytes(_ style: JSONStyle = .compact) -> [UInt8] {
        var writer = JSONWriter(style: style)
        writer.write(self, depth: 0)
        return writer.bytes
    }
}

extension JSON: CustomStringConvertible {
    /// The value in Python's style, for messages and debugging.
    public var description: String { serialized(.python) }
}
