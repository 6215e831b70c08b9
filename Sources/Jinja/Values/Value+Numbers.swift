/// A number; Python's booleans are the integers 0 and 1.
enum Number {
    case integer(Int)
    case float(Double)

    var double: Double {
        switch self {
        case .integer(let value): Double(value)
        case .float(let value): value
        }
    }

    var value: Value {
        switch self {
        case .integer(let value): .integer(value)
        case .float(let value): .float(value)
        }
    }
}

extension Value {
    /// The number, if this is one.
    var number: Number? {
        switch self {
        case .boolean(let value): .integer(value ? 1 : 0)
        case .integer(let value): .integer(value)
        case .float(let value): .float(value)
        default: nil
        }
    }

    /// The integer, if this is one or a boolean.
    var integer: Int? {
        if case .integer(let value) = number { return value }
        return nil
    }

    /// The integer that a function wants as an argument.
    func requireInteger() throws(JinjaError) -> Int {
        if let integer { return integer }
        if case .undefined(let undefined) = self { throw undefined.error }
        throw JinjaError(.value, "'\(typeName)' object cannot be interpreted as an integer")
    }

    func requireText(_ function: String) throws(JinjaError) -> Text {
        if case .text(let text) = self { return text }
        if case .undefined(let undefined) = self { throw undefined.error }
        throw JinjaError(.value, "\(function)() argument must be str, not \(typeName)")
    }
}
