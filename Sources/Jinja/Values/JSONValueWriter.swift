import OrderedCollections
import OrderedJSON

/// Writes values as `json.dumps` does. Recursion is bounded by the depth of values.
struct JSONValueWriter {
    let style: JSONStyle
    var bytes: [UInt8] = []
    /// Whether all text written so far was trusted.
    var isTrusted = true

    init(style: JSONStyle) { self.style = style }

    mutating func write(_ value: Value, level: Int = 0) throws(JinjaError) {
        switch value {
        case .none: append("null")
        case .boolean(let value): append(value ? "true" : "false")
        case .integer(let value): append(String(value))
        case .float(let value): append(Self.text(value))
        case .text(let text): write(text)
        case .list(let list), .tuple(let list): try write(list.elements, level: level + 1)
        case .dictionary(let dictionary): try write(dictionary, level: level + 1)
        default: throw JinjaError(.value, "Object of type \(value.typeName) is not JSON serializable")
        }
    }

    private static func text(_ value: Double) -> String {
        value.isFinite ? ShortestDecimal.text(value) : value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity"
    }

    private mutating func write(_ text: Text) {
        if !text.isTrusted { isTrusted = false }
        JSONString.append(text.bytes, escapesNonASCII: style.escapesNonASCII, to: &bytes)
    }

    private mutating func write(_ elements: [Value], level: Int) throws(JinjaError) {
        if elements.isEmpty { return append("[]") }
        append("[")
        for (index, element) in elements.enumerated() {
            if index > 0 { append(style.itemSeparator) }
            breakLine(level)
            try write(element, level: level)
        }
        breakLine(level - 1)
        append("]")
    }

    private mutating func write(_ dictionary: DictionaryValue, level: Int) throws(JinjaError) {
        if dictionary.entries.isEmpty { return append("{}") }
        append("{")
        var entries = dictionary.entries.map { ($0.key.value, $0.value) }
        if style.sortsKeys { entries = try sorted(entries) { pair in pair.0 } }
        for (index, (key, value)) in entries.enumerated() {
            if index > 0 { append(style.itemSeparator) }
            breakLine(level)
            try write(key: key)
            append(style.keySeparator)
            try write(value, level: level)
        }
        breakLine(level - 1)
        append("}")
    }

    private mutating func write(key: Value) throws(JinjaError) {
        switch key {
        case .text(let text): write(text)
        case .none: append("\"null\"")
        case .boolean(let value): append(value ? "\"true\"" : "\"false\"")
        case .integer(let value): append("\"\(value)\"")
        case .float(let value): append("\"\(Self.text(value))\"")
        default: throw JinjaError(.value, "keys must be str, int, float, bool or None, not \(key.typeName)")
        }
    }

    private mutating func breakLine(_ level: Int) {
        guard let indentation = style.indentation else { return }
        append("\n")
        for _ in 0..<level { append(indentation) }
    }

    private mutating func append(_ string: String) { bytes += string.utf8 }
}

/// Elements in the order of their keys; equal ones stay as they stand.
///
/// - Throws: when two keys have no order.
func sorted<Element>(
    _ elements: [Element], descending: Bool = false, by key: (Element) throws(JinjaError) -> Value
) throws(JinjaError) -> [Element] {
    var keyed: [(element: Element, key: Value)] = []
    for element in elements { keyed.append((element, try key(element))) }
    var failure: JinjaError?
    // Swift's sort is stable.
    keyed.sort { left, right in
        guard failure == nil else { return false }
        do throws(JinjaError) {
            return descending
                ? try right.key.order(left.key, "<") == .less : try left.key.order(right.key, "<") == .less
        } catch {
            failure = error
            return false
        }
    }
    if let failure { throw failure }
    return keyed.map(\.element)
}
