import OrderedCollections

/// Filters that order and group.
extension Filters {
    static let orderings: [String: Filter] = [
        "sort": { interpreter, value, arguments throws(JinjaError) in
            let values = try arguments.bound(to: "sort", ["reverse", "case_sensitive", "attribute"])
            let foldsCase = values[1]?.isTrue != true
            var paths: [AttributePath] = []
            if case .text(let text)? = values[2] {
                for part in try TextMethods.split(text, Text(","), .max) {
                    paths.append(try AttributePath(.text(part), foldsCase: foldsCase, interpreter))
                }
            } else {
                paths = [try AttributePath(values[2], foldsCase: foldsCase, interpreter)]
            }
            let elements = try interpreter.elements(of: value)
            try interpreter.charge(sorting: elements.count)
            return .list(
                try interpreter.makeList(
                    try sorted(elements, descending: values[0]?.isTrue == true) { element throws(JinjaError) in
                        var keys: [Value] = []
                        for path in paths { keys.append(try path.value(in: element)) }
                        return keys.count == 1 ? keys[0] : .list(ListValue(unchecked: keys))
                    }))
        },
        "dictsort": { interpreter, value, arguments throws(JinjaError) in
            let values = try arguments.bound(to: "dictsort", ["case_sensitive", "by", "reverse"])
            guard case .dictionary(let dictionary) = value else {
                if case .undefined(let undefined) = value { throw undefined.error }
                throw JinjaError(.value, "'\(value.typeName)' object has no attribute 'items'")
            }
            let by = try values[1]?.requireText("dictsort").string ?? "key"
            guard by == "key" || by == "value" else {
                throw JinjaError(.value, "You can only sort by either \"key\" or \"value\"")
            }
            let foldsCase = values[0]?.isTrue != true
            try interpreter.charge(sorting: dictionary.entries.count)
            let pairs = dictionary.entries.map { ($0.key.value, $0.value) }
            let ordered = try sorted(pairs, descending: values[2]?.isTrue == true) { pair throws(JinjaError) in
                let key = by == "key" ? pair.0 : pair.1
                if foldsCase, case .text(let text) = key { return .text(text.lowercased()) }
                return key
            }
            return .list(try interpreter.makeList(ordered.map { .pair($0.0, $0.1) }))
        },
        "groupby": { interpreter, value, arguments throws(JinjaError) in
            let values = try arguments.bound(to: "groupby", ["attribute", "default", "case_sensitive"], required: 1)
            let foldsCase = values[2]?.isTrue != true
            let path = try AttributePath(values[0], fallback: values[1], foldsCase: foldsCase, interpreter)
            let shown = try AttributePath(values[0], fallback: values[1], interpreter)
            let elements = try interpreter.elements(of: value)
            try interpreter.charge(sorting: elements.count)
            let ordered = try sorted(elements) { element throws(JinjaError) in try path.value(in: element) }
            var groups: [Value] = []
            var members: [Value] = []
            func close() throws(JinjaError) {
                guard let first = members.first else { return }
                let list = try interpreter.makeList(members)
                groups.append(
                    .tuple(
                        try interpreter.makeList(
                            [try shown.value(in: first), .list(list)], fields: ["grouper", "list"])))
                members = []
            }
            var key: Value?
            for element in ordered {
                let elementKey = try path.value(in: element)
                if let key, !key.equals(elementKey) { try close() }
                key = elementKey
                members.append(element)
            }
            try close()
            return .list(try interpreter.makeList(groups))
        },
        "min": { interpreter, value, arguments throws(JinjaError) in try extreme(interpreter, value, arguments, .less)
        },
        "max": { interpreter, value, arguments throws(JinjaError) in
            try extreme(interpreter, value, arguments, .greater)
        },
    ]

    private static func extreme(
        _ interpreter: Interpreter, _ value: Value, _ arguments: Arguments, _ wanted: Value.Order
    ) throws(JinjaError) -> Value {
        let name = wanted == .less ? "min" : "max"
        let values = try arguments.bound(to: name, ["case_sensitive", "attribute"])
        let path = try AttributePath(values[1], foldsCase: values[0]?.isTrue != true, interpreter)
        let iterator = try interpreter.iterator(over: value)
        var best: (element: Value, key: Value)?
        while let element = try iterator.next() {
            try interpreter.charge()
            let key = try path.value(in: element)
            guard let current = best else {
                best = (element, key)
                continue
            }
            if try key.order(current.key, wanted == .less ? "<" : ">") == wanted { best = (element, key) }
        }
        return best?.element ?? .undefined(UndefinedValue(hint: "No aggregated item, sequence was empty."))
    }
}

extension Interpreter {
    /// Counts the work of sorting.
    func charge(sorting count: Int) throws(JinjaError) {
        try charge(count * (Int.bitWidth - count.leadingZeroBitCount))
    }
}
