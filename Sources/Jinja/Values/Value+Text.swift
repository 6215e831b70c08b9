import OrderedCollections
import OrderedJSON

/// `str` and `repr` as in Python.
extension Value {
    /// `str(value)`: what printing gives. Text keeps its trust; what contains untrusted text is untrusted as a whole.
    func printed() -> Text {
        switch self {
        case .undefined: return Text("")
        case .text(let text): return text.withMarkup(false)
        case .boolean(let value): return Text(value ? "True" : "False")
        case .none: return Text("None")
        case .integer(let value): return Text(String(value))
        case .float(let value): return Text(ShortestDecimal.text(value))
        default: return represented()
        }
    }

    /// `repr(value)`.
    func represented() -> Text {
        var writer = RepresentationWriter()
        writer.write(self)
        return Text(bytes: writer.bytes, trusted: writer.isTrusted)
    }
}

extension Text {
    /// `repr` of the text.
    var pythonRepresentation: String {
        var writer = RepresentationWriter()
        writer.write(self.withMarkup(false))
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

/// Writes values as Python's `repr` does. Recursion is bounded by the depth of values.
private struct RepresentationWriter {
    var bytes: [UInt8] = []
    var isTrusted = true

    mutating func write(_ value: Value) {
        switch value {
        case .undefined: append("Undefined")
        case .none: append("None")
        case .boolean(let value): append(value ? "True" : "False")
        case .integer(let value): append(String(value))
        case .float(let value): append(ShortestDecimal.text(value))
        case .text(let text): write(text)
        case .list(let list): write(list.elements, "[", "]")
        case .tuple(let tuple): write(tuple.elements, "(", tuple.elements.count == 1 ? ",)" : ")")
        case .dictionary(let dictionary): write(dictionary)
        case .view(let view):
            append(view.kind.rawValue)
            append("(")
            write(view.elements, "[", "]")
            append(")")
        case .range(let range):
            append("range(\(range.start), \(range.stop)\(range.step == 1 ? "" : ", \(range.step)"))")
        case .iterator(let iterator): append("<\(iterator.typeName) object>")
        case .object(let object): append(object.representation)
        }
    }

    private mutating func write(_ elements: [Value], _ open: String, _ close: String) {
        append(open)
        for (index, element) in elements.enumerated() {
            if index > 0 { append(", ") }
            write(element)
        }
        append(close)
    }

    private mutating func write(_ dictionary: DictionaryValue) {
        append("{")
        var isFirst = true
        for (key, value) in dictionary.entries {
            if !isFirst { append(", ") }
            isFirst = false
            write(key.value)
            append(": ")
            write(value)
        }
        append("}")
    }

    mutating func write(_ text: Text) {
        if !text.isTrusted { isTrusted = false }
        if text.isMarkup { append("Markup(") }
        let quote: UInt8 = text.bytes.contains(0x27) && !text.bytes.contains(0x22) ? 0x22 : 0x27
        bytes.append(quote)
        text.forEachScalar { scalar, _ in
            self.write(scalar, quote: quote)
            return true
        }
        bytes.append(quote)
        if text.isMarkup { append(")") }
    }

    private mutating func write(_ scalar: Unicode.Scalar, quote: UInt8) {
        if scalar.value >= 0x20, scalar.value < 0x7f, scalar.value != UInt32(quote), scalar != "\\" {
            return bytes.append(UInt8(scalar.value))
        }
        switch scalar {
        case "\\": append("\\\\")
        case "\n": append("\\n")
        case "\r": append("\\r")
        case "\t": append("\\t")
        case _ where scalar.value == UInt32(quote): bytes += [0x5c, quote]
        case _ where scalar.isPythonPrintable: append(String(Character(scalar)))
        default:
            let digits = String(scalar.value, radix: 16)
            let (mark, width) = scalar.value < 0x100 ? ("x", 2) : scalar.value < 0x10000 ? ("u", 4) : ("U", 8)
            append("\\\(mark)" + String(repeating: "0", count: width - digits.count) + digits)
        }
    }

    private mutating func append(_ string: String) { bytes += string.utf8 }
}
