import OrderedCollections

/// Filters over sequences that do not choose or order.
extension Filters {
    static let sequences: [String: Filter] = [
        "first": { interpreter, value, _ throws(JinjaError) in
            if case .dictionary(let dictionary) = value, let key = dictionary.entries.keys.first { return key.value }
            if case .text(let text) = value, !text.isEmpty { return .text(text.slice(scalars: 0..<1)) }
            return try interpreter.iterator(over: value).next()
                ?? .undefined(UndefinedValue(hint: "No first item, sequence was empty."))
        },
        "last": { interpreter, value, _ throws(JinjaError) in
            let empty = Value.undefined(UndefinedValue(hint: "No last item, sequence was empty."))
            switch value {
            case .list(let list), .tuple(let list): return list.elements.last ?? empty
            case .range(let range): return range.count > 0 ? range[range.count - 1] : empty
            case .iterator, .object, .none, .boolean, .integer, .float:
                throw JinjaError(.value, "'\(value.typeName)' object is not reversible")
            default: return try interpreter.elements(of: value).last ?? empty
            }
        },
        "reverse": { interpreter, value, _ throws(JinjaError) in
            if case .text = value { return try interpreter.slice(value, lower: nil, upper: nil, step: -1) }
            let elements = try interpreter.elements(of: value)
            var index = elements.count
            return .iterator(
                IteratorValue("list_reverseiterator", depth: try interpreter.iteratorDepth(value)) {
                    guard index > 0 else { return nil }
                    index -= 1
                    return elements[index]
                })
        },
        "batch": { interpreter, value, arguments throws(JinjaError) in
            let values = try arguments.bound(to: "batch", ["linecount", "fill_with"], required: 1)
            let size = try (values[0] ?? .none).requireInteger()
            guard size > 0 else { throw JinjaError(.value, "batch needs a positive number of elements") }
            var batches: [Value] = []
            let elements = try interpreter.elements(of: value)
            for start in stride(from: 0, to: elements.count, by: size) {
                var batch = Array(elements[start..<min(start + size, elements.count)])
                if let fill = values[1], !isNone(fill) {
                    try interpreter.charge(min(size, interpreter.limits.steps))
                    batch += Array(repeating: fill, count: size - batch.count)
                }
                batches.append(.list(try interpreter.makeList(batch)))
            }
            return try interpreter.iterator(of: batches)
        },
        "slice": { interpreter, value, arguments throws(JinjaError) in
            let values = try arguments.bound(to: "slice", ["slices", "fill_with"], required: 1)
            let slices = try (values[0] ?? .none).requireInteger()
            guard slices != 0 else { throw JinjaError(.value, "integer division or modulo by zero") }
            let elements = try interpreter.elements(of: value)
            try interpreter.charge(min(max(slices, 0), interpreter.limits.steps))
            var result: [Value] = []
            var start = 0
            for index in 0..<max(slices, 0) {
                let isLonger = index < elements.count % slices
                let end = start + elements.count / slices + (isLonger ? 1 : 0)
                var slice = Array(elements[start..<end])
                if let fill = values[1], !isNone(fill), !isLonger { slice.append(fill) }
                result.append(.list(try interpreter.makeList(slice)))
                start = end
            }
            return try interpreter.iterator(of: result)
        },
        "map": { interpreter, value, arguments throws(JinjaError) in
            guard value.isTrue else { return try interpreter.iterator(of: []) }
            let transform = try mapping(arguments, interpreter)
            let source = try interpreter.iterator(over: value)
            return .iterator(
                IteratorValue(depth: try interpreter.iteratorDepth(value)) {
                    [unowned interpreter] () throws(JinjaError) -> Value? in
                    try interpreter.ascend()
                    defer { interpreter.descend() }
                    guard let element = try source.next() else { return nil }
                    return try transform(element)
                })
        },
    ]

    /// What `map` does to an element: a look-up of an attribute, or a filter.
    private static func mapping(
        _ arguments: Arguments, _ interpreter: Interpreter
    ) throws(JinjaError) -> (Value) throws(JinjaError) -> Value {
        if arguments.positional.isEmpty, arguments.keywords.contains(where: { $0.name == "attribute" }) {
            let values = try arguments.bound(to: "map", ["attribute", "default"])
            let path = try AttributePath(values[0], fallback: values[1], interpreter)
            return { element throws(JinjaError) in try path.value(in: element) }
        }
        guard case .text(let name)? = arguments.positional.first else {
            throw JinjaError(.value, "map requires a filter argument")
        }
        guard let filter = table[name.string] else {
            throw JinjaError(.runtime, "No filter named '\(name.string)'.")
        }
        var rest = arguments
        rest.positional.removeFirst()
        return { [unowned interpreter, rest] element throws(JinjaError) in try filter(interpreter, element, rest) }
    }
}

extension Interpreter {
    /// An iterator over a value, or an error that says that there is none.
    func iterator(over value: Value) throws(JinjaError) -> IteratorValue { try makeIterator(value) }

    /// The depth of an iterator that reads another value lazily.
    func iteratorDepth(_ source: Value) throws(JinjaError) -> Int {
        let depth = source.depth + 1
        try check(depth: depth)
        return depth
    }

    func iterator(of elements: [Value]) throws(JinjaError) -> Value {
        .iterator(try makeIterator(.list(try makeList(elements))))
    }
}
