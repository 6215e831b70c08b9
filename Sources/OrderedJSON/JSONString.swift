/// The text of JSON strings, for writers of values that are no `JSON`.
public enum JSONString {
    /// Appends UTF-8 as a JSON string, quotes and all.
    ///
    /// Quotes, backslashes and control characters are escaped; with `escapesNonASCII` everything outside printable
    /// ASCII is, as `\uXXXX` in UTF-16, as Python's `json.dumps(ensure_ascii=True)` does.
    public static func append(_ text: some Collection<UInt8>, escapesNonASCII: Bool = false, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        if escapesNonASCII {
            for unit in String(decoding: text, as: UTF8.self).utf16 {
                if unit < 0x7f { append(UInt8(unit), to: &bytes) } else { appendEscape(unit, to: &bytes) }
            }
        } else {
            for byte in text { append(byte, to: &bytes) }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func append(_ byte: UInt8, to bytes: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "\""): bytes += "\\\"".utf8
        case UInt8(ascii: "\\"): bytes += "\\\\".utf8
        case 0x08: bytes += "\\b".utf8
        case 0x09: bytes += "\\t".utf8
        case 0x0a: bytes += "\\n".utf8
        case 0x0c: bytes += "\\f".utf8
        case 0x0d: bytes += "\\r".utf8
        case 0..<0x20: appendEscape(UInt16(byte), to: &bytes)
        default: bytes.append(byte)
        }
    }

    private static func appendEscape(_ unit: UInt16, to bytes: inout [UInt8]) {
        let digits = String(unit, radix: 16)
        bytes += "\\u".utf8
        bytes += String(repeating: "0", count: 4 - digits.count).utf8
        bytes += digits.utf8
    }
}
