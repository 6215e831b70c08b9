import OrderedCollections

/// Methods of mappings.
enum DictionaryMethods {
    typealias Method = @Sendable (Interpreter, DictionaryValue, Arguments) throws(JinjaError) -> Value

    /// Methods that would change the mapping, which the sandbox refuses.
    static let mutating: Set<String> = ["clear", "pop", "popitem", "setdefault", "update"]

    static let table: [String: Method] = [
        "items": { _, dictionary, arguments throws(JinjaError) in
            _ = try arguments.bound(to: "items", [])
            return .view(DictionaryView(.items, of: dictionary))
        },
        "keys": { _, dictionary, arguments throws(JinjaError) in
            _ = try arguments.bound(to: "keys", [])
            return .view(DictionaryView(.keys, of: dictionary))
        },
        "values": { _, dictionary, arguments throws(JinjaError) in
            _ = try arguments.bound(to: "values", [])
            return .view(DictionaryView(.values, of: dictionary))
        },
        "get": { _, dictionary, arguments throws(JinjaError) in
            guard arguments.keywords.isEmpty else { throw JinjaError(.value, "get() takes no keyword arguments") }
            let values = try arguments.bound(to: "get", ["key", "default"], required: 1)
            return dictionary.entries[try Key(values[0] ?? .none)] ?? values[1] ?? .none
        },
        "copy": { _, dictionary, _ throws(JinjaError) in .dictionary(dictionary) },
        "fromkeys": { interpreter, _, arguments throws(JinjaError) in
            let values = try arguments.bound(to: "fromkeys", ["iterable", "value"], required: 1)
            var entries: OrderedDictionary<Key, Value> = [:]
            for key in try interpreter.elements(of: values[0] ?? .none) {
                entries[try Key(key)] = values[1] ?? Value.none
            }
            return .dictionary(try interpreter.makeDictionary(entries))
        },
    ]
}

/// Methods of lists and tuples.
enum ListMethods {
    typealias Method = @Sendable (Interpreter, Value, ListValue, Arguments) throws(JinjaError) -> Value

    /// Methods that would change the list, which the sandbox refuses.
    static let mutating: Set<String> = ["append", "clear", "pop", "reverse", "insert", "sort", "extend", "remove"]

    static let table: [String: Method] = [
        "index": { interpreter, list, values, arguments throws(JinjaError) in
            let wanted = try arguments.bound(to: "index", ["value", "start", "stop"], required: 1)
            let (start, count) = Interpreter.indices(
                try wanted[1]?.requireInteger(), try wanted[2]?.requireInteger(), 1, count: values.elements.count)
            try interpreter.charge(count)
            for index in start..<start + count where values.elements[index].equals(wanted[0] ?? .none) {
                return .integer(index)
            }
            if case .tuple = list { throw JinjaError(.value, "tuple.index(x): x not in tuple") }
            let name = try interpreter.checked((wanted[0] ?? .none).represented())
            throw JinjaError(.value, "\(name.string) is not in list")
        },
        "count": { interpreter, _, values, arguments throws(JinjaError) in
            let wanted = try arguments.bound(to: "count", ["value"], required: 1)[0] ?? .none
            try interpreter.charge(values.elements.count)
            return .integer(values.elements.reduce(0) { $1.equals(wanted) ? $0 + 1 : $0 })
        },
        "copy": { _, list, _, _ throws(JinjaError) in list },
    ]
}

/// Attributes and methods of numbers.
enum NumberMethods {
    static func attribute(_ name: String, of value: Value) -> Value? {
        switch (name, value.number) {
        case ("real", let number?): number.value
        case ("imag", .integer?): .integer(0)
        case ("imag", .float?): .float(0)
        case ("numerator", .integer(let integer)?): .integer(integer)
        case ("denominator", .integer?): .integer(1)
        case ("bit_length", .integer?), ("is_integer", _), ("conjugate", _): .object(BoundMethod(value, name))
        default: nil
        }
    }

    static func call(_ name: String, _ value: Value, _ arguments: Arguments) throws(JinjaError) -> Value? {
        _ = try arguments.bound(to: name, [])
        switch (name, value.number) {
        case ("bit_length", .integer(let integer)?):
            return .integer(Int.bitWidth - integer.magnitude.leadingZeroBitCount)
        case ("is_integer", .integer?): return .boolean(true)
        case ("is_integer", .float(let float)?): return .boolean(float.isFinite && float == float.rounded(.down))
        case ("conjugate", let number?): return number.value
        default: return nil
        }
    }
}
