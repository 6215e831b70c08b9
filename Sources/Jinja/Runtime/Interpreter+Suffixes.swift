import OrderedCollections

/// Attributes, indices, calls, filters and tests.
extension Interpreter {
    /// - Parameter caller: what the last call of the chain gets as its argument `caller`.
    @inline(never) func evaluateSuffixed(_ node: SuffixedNode, caller: Value?) throws(JinjaError) -> Value {
        var value = try evaluate(node.base)
        let last = node.suffixes.count - 1
        for (index, suffix) in node.suffixes.enumerated() {
            value = try apply(suffix, to: value, caller: index == last ? caller : nil)
        }
        return value
    }

    private func apply(_ suffix: Suffix, to value: Value, caller: Value?) throws(JinjaError) -> Value {
        switch suffix {
        case .attribute(let name, let text, let position):
            self.position = position
            return try attribute(name, text, of: value)
        case .item(let index, let position): return try applyItem(index, position, value)
        case .slice(let lower, let upper, let step, let position):
            return try applySlice([lower, upper, step], position, value)
        case .call(let node): return try applyCall(node, value, caller)
        case .filter(let node): return try apply(node, to: value)
        case .test(let node, let isNegated): return .boolean(try applyTest(node, value) != isNegated)
        }
    }

    @inline(never) private func applyItem(
        _ index: Expression, _ position: Position, _ value: Value
    ) throws(JinjaError) -> Value {
        let index = try evaluate(index)
        self.position = position
        return try item(index, of: value)
    }

    @inline(never) private func applySlice(
        _ bounds: [Expression?], _ position: Position, _ value: Value
    ) throws(JinjaError) -> Value {
        var numbers: [Int?] = []
        for bound in bounds {
            guard let bound else {
                numbers.append(nil)
                continue
            }
            let number = try evaluate(bound)
            self.position = position
            numbers.append(try sliceBound(number))
        }
        self.position = position
        return try slice(value, lower: numbers[0], upper: numbers[1], step: numbers[2])
    }

    private func sliceBound(_ value: Value) throws(JinjaError) -> Int? {
        if case .none = value { return nil }
        if let integer = value.integer { return integer }
        if case .undefined(let undefined) = value { throw undefined.error }
        throw JinjaError(.value, "slice indices must be integers or None or have an __index__ method")
    }

    @inline(never) private func applyCall(
        _ node: CallNode, _ value: Value, _ caller: Value?
    ) throws(JinjaError) -> Value {
        var arguments = try evaluateArguments(node)
        if let caller { arguments.keywords.append(("caller", caller)) }
        position = node.position
        return try call(value, arguments)
    }

    func call(_ value: Value, _ arguments: Arguments) throws(JinjaError) -> Value {
        switch value {
        case .object(let object): return try object.call(arguments, self)
        case .undefined(let undefined): throw undefined.error
        default: throw JinjaError(.value, "'\(value.typeName)' object is not callable")
        }
    }

    @inline(never) func apply(_ node: FilterNode, to value: Value) throws(JinjaError) -> Value {
        let arguments = try evaluateArguments(node.arguments)
        position = node.position
        guard let filter = Filters.table[node.name] else {
            throw JinjaError(.runtime, "No filter named '\(node.name)' found.")
        }
        return try filter(self, value, arguments)
    }

    @inline(never) private func applyTest(_ node: FilterNode, _ value: Value) throws(JinjaError) -> Bool {
        let arguments = try evaluateArguments(node.arguments)
        position = node.position
        guard let test = Tests.table[node.name] else {
            throw JinjaError(.runtime, "No test named '\(node.name)' found.")
        }
        return try test(self, value, arguments)
    }

    private func evaluateArguments(_ node: CallNode) throws(JinjaError) -> Arguments {
        var arguments = Arguments()
        for expression in node.positional { arguments.positional.append(try evaluate(expression)) }
        for keyword in node.keywords {
            arguments.keywords.append((keyword.name, try evaluate(keyword.value)))
        }
        if let spread = node.spread { arguments.positional += try elements(of: try evaluate(spread)) }
        if let spread = node.keywordSpread { try append(try evaluate(spread), to: &arguments) }
        return arguments
    }

    private func append(_ value: Value, to arguments: inout Arguments) throws(JinjaError) {
        guard case .dictionary(let dictionary) = value else {
            throw JinjaError(.value, "argument after ** must be a mapping, not \(value.typeName)")
        }
        for (key, value) in dictionary.entries {
            guard case .text(let text) = key.value else { throw JinjaError(.value, "keywords must be strings") }
            let name = text.string
            guard !arguments.keywords.contains(where: { $0.name == name }) else {
                throw JinjaError(.value, "got multiple values for keyword argument '\(name)'")
            }
            arguments.keywords.append((name, value))
        }
    }
}

/// Arguments of a call.
struct Arguments {
    var positional: [Value] = []
    var keywords: [(name: String, value: Value)] = []

    init(_ positional: [Value] = []) { self.positional = positional }

    /// The arguments by parameter; nil for those that were not given.
    ///
    /// - Throws: when there are too many, unknown or doubled ones, or one of the first `required` is missing.
    func bound(
        to function: String, _ parameters: [String], required: Int = 0
    ) throws(JinjaError) -> [Value?] {
        guard positional.count <= parameters.count else {
            throw JinjaError(
                .value,
                "\(function)() takes at most \(parameters.count) argument\(parameters.count == 1 ? "" : "s")"
                    + " (\(positional.count) given)")
        }
        var values: [Value?] = positional + Array(repeating: nil, count: parameters.count - positional.count)
        for (name, value) in keywords {
            guard let index = parameters.firstIndex(of: name) else {
                throw JinjaError(.value, "\(function)() got an unexpected keyword argument '\(name)'")
            }
            guard values[index] == nil else {
                throw JinjaError(.value, "\(function)() got multiple values for argument '\(name)'")
            }
            values[index] = value
        }
        for index in 0..<required where values[index] == nil {
            throw JinjaError(.value, "\(function)() missing required argument: '\(parameters[index])'")
        }
        return values
    }
}
