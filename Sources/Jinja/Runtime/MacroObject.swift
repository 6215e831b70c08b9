import OrderedCollections

/// A macro, or the body of a call block: statements together with the variables around them.
final class MacroObject: TemplateObject {
    let typeName = "Macro"
    private let node: MacroNode
    private let outer: Activation

    init(_ node: MacroNode, _ outer: Activation) {
        self.node = node
        self.outer = outer
    }

    private var name: String { node.name.map { "'\($0.name)'" } ?? "None" }

    var representation: String { node.name == nil ? "<Macro anonymous>" : "<Macro \(name)>" }

    func attribute(_ name: String, _ interpreter: Interpreter) throws(JinjaError) -> Value? {
        let scope = interpreter.program.scopes[node.identifier]
        switch name {
        case "name": return node.name.map { .text($0.name) } ?? Value.none
        case "arguments": return .tuple(ListValue(unchecked: node.parameters.map { .text($0.name.name) }))
        case "catch_kwargs": return .boolean(scope.keywordsSlot != nil)
        case "catch_varargs": return .boolean(scope.positionalSlot != nil)
        case "caller": return .boolean(scope.callerSlot != nil)
        default: return nil
        }
    }

    func call(_ arguments: Arguments, _ interpreter: Interpreter) throws(JinjaError) -> Value {
        .text(try invoke(arguments, interpreter))
    }

    /// Runs the body with arguments, and returns what it wrote.
    func invoke(_ arguments: Arguments, _ interpreter: Interpreter) throws(JinjaError) -> Text {
        try interpreter.ascend()
        defer { interpreter.descend() }
        let scope = interpreter.program.scopes[node.identifier]
        let activation = Activation(slots: scope.slots, parent: outer)
        let caller = interpreter.activation
        interpreter.activation = activation
        defer { interpreter.activation = caller }
        try interpreter.enter(scope.loads)
        try bind(arguments, scope, activation, interpreter)
        return try interpreter.capturing { () throws(JinjaError) in
            for parameter in self.node.parameters where !interpreter.isSet(parameter.name) {
                interpreter.set(parameter.name, try self.defaultValue(of: parameter, interpreter))
            }
            return try interpreter.execute(self.node.body)
        }.text
    }

    @inline(never) private func defaultValue(
        of parameter: MacroNode.Parameter, _ interpreter: Interpreter
    ) throws(JinjaError) -> Value {
        if let expression = parameter.defaultValue { return try interpreter.evaluate(expression) }
        return .undefined(UndefinedValue(hint: "parameter '\(parameter.name.name)' was not provided"))
    }

    @inline(never) private func bind(
        _ arguments: Arguments, _ scope: Scope, _ activation: Activation, _ interpreter: Interpreter
    ) throws(JinjaError) {
        var keywords = arguments.keywords
        func take(_ name: String) -> Value? {
            guard let index = keywords.firstIndex(where: { $0.name == name }) else { return nil }
            return keywords.remove(at: index).value
        }
        for (index, parameter) in node.parameters.enumerated() {
            if index < arguments.positional.count {
                interpreter.set(parameter.name, arguments.positional[index])
            } else if let value = take(parameter.name.name) {
                interpreter.set(parameter.name, value)
            }
        }
        if let slot = scope.callerSlot {
            var caller = take("caller") ?? .none
            if case .none = caller { caller = .undefined(UndefinedValue(hint: "No caller defined")) }
            activation.slots[slot] = caller
        }
        if let slot = scope.keywordsSlot {
            var entries: OrderedDictionary<Key, Value> = [:]
            for keyword in keywords { entries[Key(Text(keyword.name))] = keyword.value }
            activation.slots[slot] = .dictionary(DictionaryValue(unchecked: entries))
        } else if let keyword = keywords.first {
            throw JinjaError(.value, "macro \(name) takes no keyword argument '\(keyword.name)'")
        }
        let extra = arguments.positional.dropFirst(node.parameters.count)
        if let slot = scope.positionalSlot {
            activation.slots[slot] = .tuple(try interpreter.makeList(Array(extra)))
        } else if !extra.isEmpty {
            throw JinjaError(
                .value, "macro \(name) takes not more than \(node.parameters.count) argument(s)")
        }
    }
}
