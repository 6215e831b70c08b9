/// How a body ended.
enum Flow {
    case normal
    case breakLoop
    case continueLoop
}

/// Statements. Each kind has a function of its own, so that the stack holds only what is in use.
extension Interpreter {
    func execute(_ statements: [Statement]) throws(JinjaError) -> Flow {
        for statement in statements {
            let flow = try execute(statement)
            if flow != .normal { return flow }
        }
        return .normal
    }

    private func execute(_ statement: Statement) throws(JinjaError) -> Flow {
        switch statement {
        case .data(let index):
            try charge()
            try write(literal(index))
        case .print(let expression, let position): try executePrint(expression, position)
        case .loop(let node): return try executeLoop(node)
        case .condition(let node): return try executeCondition(node)
        case .assignment(let target, let expression, let position):
            let value = try evaluate(expression)
            self.position = position
            try assign(value, to: target)
        case .blockAssignment(let node, let target): return try executeBlockAssignment(node, target)
        case .macro(let node): executeMacro(node)
        case .call(let node, let call): try executeCall(node, call)
        case .filterBlock(let node): return try executeFilterBlock(node)
        case .with(let node): return try executeWith(node)
        case .generation(let node): try executeGeneration(node)
        case .breakLoop: return .breakLoop
        case .continueLoop: return .continueLoop
        }
        return .normal
    }

    @inline(never) private func executePrint(_ expression: Expression, _ position: Position) throws(JinjaError) {
        let value = try evaluate(expression)
        self.position = position
        try write(value.printed())
    }

    @inline(never) private func executeCondition(_ node: ConditionNode) throws(JinjaError) -> Flow {
        try ascend()
        defer { descend() }
        for branch in node.branches where try evaluate(branch.test).isTrue { return try execute(branch.body) }
        return try execute(node.otherwise)
    }

    // MARK: Assignment

    func assign(_ value: Value, to target: Target) throws(JinjaError) {
        switch target {
        case .name(let node): set(node, value)
        case .attribute(let node, let attribute): try assign(value, to: attribute, of: node)
        case .tuple(let targets, let position): try unpack(value, to: targets, position)
        }
    }

    @inline(never) private func assign(
        _ value: Value, to attribute: String, of node: NameNode
    ) throws(JinjaError) {
        guard case .object(let object) = self.value(of: node), let namespace = object as? NamespaceObject else {
            throw JinjaError(.runtime, "cannot assign attribute on non-namespace object")
        }
        try namespace.set(attribute, value)
    }

    @inline(never) private func unpack(
        _ value: Value, to targets: [Target], _ position: Position
    ) throws(JinjaError) {
        if value.typeName != "str", !Tests.isIterable(value) {
            throw JinjaError(.value, "cannot unpack non-iterable \(value.typeName) object")
        }
        let iterator = try makeIterator(value)
        var elements: [Value] = []
        while elements.count <= targets.count, let element = try iterator.next() { elements.append(element) }
        if elements.count > targets.count {
            throw JinjaError(.value, "too many values to unpack (expected \(targets.count))")
        }
        if elements.count < targets.count {
            throw JinjaError(
                .value, "not enough values to unpack (expected \(targets.count), got \(elements.count))")
        }
        for (element, target) in zip(elements, targets) { try assign(element, to: target) }
    }

    // MARK: Blocks

    @inline(never) private func executeBlockAssignment(
        _ node: BlockNode, _ target: Target
    ) throws(JinjaError) -> Flow {
        let text = try captureBlock(node)
        if text.flow != .normal { return text.flow }
        try assign(text.value, to: target)
        leave(program.scopes[node.identifier].loads)
        return .normal
    }

    @inline(never) private func executeFilterBlock(_ node: BlockNode) throws(JinjaError) -> Flow {
        let text = try captureBlock(node)
        if text.flow != .normal { return text.flow }
        try write(text.value.printed())
        leave(program.scopes[node.identifier].loads)
        return .normal
    }

    /// Runs a block and its filters. The scope is left open, for the assignment.
    private func captureBlock(_ node: BlockNode) throws(JinjaError) -> (value: Value, flow: Flow) {
        try ascend()
        defer { descend() }
        try enter(program.scopes[node.identifier].loads)
        let (text, flow) = try capturing { () throws(JinjaError) in try execute(node.body) }
        var value = Value.text(text)
        if flow == .normal { for filter in node.filters { value = try apply(filter, to: value) } }
        position = node.position
        return (value, flow)
    }

    @inline(never) private func executeWith(_ node: WithNode) throws(JinjaError) -> Flow {
        try ascend()
        defer { descend() }
        let loads = program.scopes[node.identifier].loads
        try enter(loads)
        for (target, value) in zip(node.targets, node.values) { try assign(try evaluate(value), to: target) }
        let flow = try execute(node.body)
        leave(loads)
        return flow
    }

    // MARK: Macros

    private func executeMacro(_ node: MacroNode) {
        guard let name = node.name else { return }
        set(name, .object(makeMacro(node)))
    }

    private func makeMacro(_ node: MacroNode) -> MacroObject {
        capture(activation)
        return MacroObject(node, activation)
    }

    @inline(never) private func executeCall(_ node: MacroNode, _ call: SuffixedNode) throws(JinjaError) {
        try ascend()
        defer { descend() }
        let caller = Value.object(makeMacro(node))
        let value = try evaluateSuffixed(call, caller: caller)
        position = node.position
        try write(value.printed())
    }

    @inline(never) private func executeGeneration(_ node: MacroNode) throws(JinjaError) {
        try ascend()
        defer { descend() }
        try write(try makeMacro(node).invoke(Arguments(), self))
    }
}
