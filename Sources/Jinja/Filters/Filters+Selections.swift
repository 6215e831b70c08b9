/// Filters that choose elements.
extension Filters {
    static let selections: [String: Filter] = [
        "select": { interpreter, value, arguments throws(JinjaError) in
            try select(interpreter, value, arguments, wanted: true, byAttribute: false)
        },
        "reject": { interpreter, value, arguments throws(JinjaError) in
            try select(interpreter, value, arguments, wanted: false, byAttribute: false)
        },
        "selectattr": { interpreter, value, arguments throws(JinjaError) in
            try select(interpreter, value, arguments, wanted: true, byAttribute: true)
        },
        "rejectattr": { interpreter, value, arguments throws(JinjaError) in
            try select(interpreter, value, arguments, wanted: false, byAttribute: true)
        },
        "unique": { interpreter, value, arguments throws(JinjaError) in
            let values = try arguments.bound(to: "unique", ["case_sensitive", "attribute"])
            let path = try AttributePath(values[1], foldsCase: values[0]?.isTrue != true, interpreter)
            let source = try interpreter.iterator(over: value)
            var seen: Set<Key> = []
            return .iterator(
                IteratorValue(depth: try interpreter.iteratorDepth(value)) {
                    [unowned interpreter] () throws(JinjaError) -> Value? in
                    try interpreter.ascend()
                    defer { interpreter.descend() }
                    while let element = try source.next() {
                        try interpreter.charge()
                        if seen.insert(try Key(try path.value(in: element))).inserted { return element }
                    }
                    return nil
                })
        },
    ]

    private static func select(
        _ interpreter: Interpreter, _ value: Value, _ arguments: Arguments, wanted: Bool, byAttribute: Bool
    ) throws(JinjaError) -> Value {
        guard value.isTrue else { return try interpreter.iterator(of: []) }
        var rest = arguments
        var path = try AttributePath(nil, interpreter)
        if byAttribute {
            guard let attribute = rest.positional.first else {
                throw JinjaError(.value, "Missing parameter for attribute name")
            }
            rest.positional.removeFirst()
            path = try AttributePath(attribute, interpreter)
        }
        let test = try takeTest(&rest)
        let source = try interpreter.iterator(over: value)
        return .iterator(
            IteratorValue(depth: try interpreter.iteratorDepth(value)) {
                [unowned interpreter, rest, path] () throws(JinjaError) -> Value? in
                try interpreter.ascend()
                defer { interpreter.descend() }
                while let element = try source.next() {
                    try interpreter.charge()
                    let subject = try path.value(in: element)
                    if try test?(interpreter, subject, rest) ?? subject.isTrue == wanted { return element }
                }
                return nil
            })
    }

    /// The test that the first argument names; nil when there is no argument.
    private static func takeTest(_ arguments: inout Arguments) throws(JinjaError) -> Tests.Test? {
        guard let first = arguments.positional.first else { return nil }
        arguments.positional.removeFirst()
        guard case .text(let name) = first, let test = Tests.table[name.string] else {
            throw JinjaError(.runtime, "No test named \(first.represented().string).")
        }
        return test
    }
}
