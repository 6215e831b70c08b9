/// Why a document is not JSON, and where.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What was found.
    public enum Reason: Sendable, Hashable {
        /// The document has no value.
        case empty
        /// The document starts with the bytes EF BB BF.
        case byteOrderMark
        /// The document ends where something was expected.
        case unexpectedEnd(expected: String)
        /// A byte that cannot stand here.
        case unexpectedByte(UInt8, expected: String)
        /// More content after the value.
        case trailingContent(UInt8)
        /// A string has bytes that are not UTF-8.
        case invalidUTF8
        /// A backslash is followed by something that is no escape.
        case invalidEscape
        /// A control character stands unescaped in a string.
        case controlCharacter(UInt8)
        /// A number is beyond the range of a double.
        case numberOutOfRange(String)
        /// A number has more characters than the limit.
        case numberTooLong(limit: Int)
        /// Arrays and objects are nested deeper than the limit.
        case tooDeep(limit: Int)
        /// The document has more bytes than the limit.
        case tooLarge(bytes: Int, limit: Int)
    }

    /// What was found.
    public let reason: Reason
    /// Bytes before the offending one.
    public let offset: Int
    /// The way to a value that is JSON but cannot be held, as `JSONObjectReader` writes it: `options.temperature`. nil of all
    /// else, and of the document itself.
    public private(set) var field: String?

    init(_ reason: Reason, offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    /// The error of a value inside another, seen from there: `step` is a member's name, or an element's `[3]`.
    func inside(_ step: String) -> JSONError {
        switch reason {
        case .numberOutOfRange, .numberTooLong: break
        default: return self
        }
        var error = self
        let joint = field.map { $0.hasPrefix("[") ? $0 : "." + $0 } ?? ""
        error.field = (step.shortened(to: 40) + joint).shortened(to: 100)
        return error
    }

    /// What was found, where, and what was expected.
    public var description: String { "invalid JSON at byte \(offset)\(field.map { " (\($0))" } ?? ""): \(explanation)" }

    private var explanation: String {
        switch reason {
        case .empty: "the document is empty"
        case .byteOrderMark: "the document starts with a byte order mark; send plain UTF-8"
        case .unexpectedEnd(let expected): "the document ends where \(expected) was expected"
        case .unexpectedByte(let byte, let expected): "found \(Self.name(byte)) where \(expected) was expected"
        case .trailingContent(let byte): "found \(Self.name(byte)) after the end of the value"
        case .invalidUTF8: "the string is not valid UTF-8"
        case .invalidEscape: "a backslash must be followed by one of \" \\ / b f n r t or by u and four hex digits"
        case .controlCharacter(let byte): "the control character \(Self.name(byte)) must be escaped in a string"
        case .numberOutOfRange(let text): "the number \(text.shortened(to: 40)) is beyond the range of a 64-bit float"
        case .numberTooLong(let limit): "a number has more than \(limit) characters"
        case .tooDeep(let limit): "arrays and objects are nested more than \(limit) deep"
        case .tooLarge(let bytes, let limit): "the document has \(bytes) bytes; the limit is \(limit)"
        }
    }

    private static func name(_ byte: UInt8) -> String {
        if byte > 0x20 && byte < 0x7f { return "'\(Character(Unicode.Scalar(byte)))'" }
        let digits = String(byte, radix: 16, uppercase: true)
        return "byte 0x\(digits.count < 2 ? "0" : "")\(digits)"
    }
}
