/// Finding out what a scope reads and writes. Inner scopes are looked at on their own; only what the outer scope itself
/// evaluates for them counts here.
extension Symbols {
    func analyze(_ statements: [Statement]) { for statement in statements { analyze(statement) } }

    private func analyze(_ statement: Statement) {
        switch statement {
        case .data, .breakLoop, .continueLoop, .generation: break
        case .print(let expression, _): analyze(expression)
        case .loop(let node): analyze(node.sequence)
        case .condition(let node): analyze(node)
        case .assignment(let target, let expression, _):
            analyze(expression)
            analyze(target)
        case .blockAssignment(let node, let target):
            for filter in node.filters { analyze(filter.arguments) }
            analyze(target)
        case .macro(let node): if let name = node.name { store(name.name) }
        case .call(_, let call): analyze(.suffixed(call))
        case .filterBlock(let node): for filter in node.filters { analyze(filter.arguments) }
        case .with(let node): for value in node.values { analyze(value) }
        }
    }

    private func analyze(_ node: ConditionNode) {
        // The bodies of all `elif` branches count as one branch, as in Jinja; their tests are part of it.
        guard let first = node.branches.first else { return }
        analyze(first.test)
        let body = makeBranch()
        body.analyze(first.body)
        let others = makeBranch()
        for branch in node.branches.dropFirst() {
            others.analyze(branch.test)
            others.analyze(branch.body)
        }
        let otherwise = makeBranch()
        otherwise.analyze(node.otherwise)
        join([body, others, otherwise])
    }

    func analyze(_ target: Target) {
        switch target {
        case .name(let node): store(node.name)
        case .tuple(let targets, _): for target in targets { analyze(target) }
        case .attribute(let node, _): load(node.name)
        }
    }

    func declareParameters(_ target: Target) {
        switch target {
        case .name(let node): declareParameter(node.name)
        case .tuple(let targets, _): for target in targets { declareParameters(target) }
        case .attribute(let node, _): load(node.name)
        }
    }

    func analyze(_ expression: Expression) {
        if case .name(let node) = expression { load(node.name) }
        expression.forEachChild { analyze($0) }
    }

    func analyze(_ node: CallNode) { node.forEachChild { analyze($0) } }
}

extension Expression {
    /// Calls the body with each expression directly inside this one, in the order of the source.
    func forEachChild(_ body: (Expression) -> Void) {
        switch self {
        case .constant, .literal, .name: break
        case .list(let elements), .tuple(let elements), .logical(_, let elements), .concatenation(let elements, _):
            elements.forEach(body)
        case .dictionary(let entries, _):
            for entry in entries {
                body(entry.key)
                body(entry.value)
            }
        case .conditional(let node):
            body(node.test)
            body(node.then)
            if let otherwise = node.otherwise { body(otherwise) }
        case .not(let operand), .sign(_, let operand, _): body(operand)
        case .comparison(let node):
            body(node.first)
            for operand in node.operands { body(operand.expression) }
        case .arithmetic(let node):
            body(node.first)
            for operand in node.operands { body(operand.expression) }
        case .suffixed(let node):
            body(node.base)
            for suffix in node.suffixes { suffix.forEachChild(body) }
        }
    }
}

extension Suffix {
    func forEachChild(_ body: (Expression) -> Void) {
        switch self {
        case .attribute: break
        case .item(let index, _): body(index)
        case .slice(let lower, let upper, let step, _): [lower, upper, step].forEach { $0.map(body) }
        case .call(let node): node.forEachChild(body)
        case .filter(let node), .test(let node, _): node.arguments.forEachChild(body)
        }
    }
}

extension CallNode {
    func forEachChild(_ body: (Expression) -> Void) {
        positional.forEach(body)
        for keyword in keywords { body(keyword.value) }
        if let spread { body(spread) }
        if let keywordSpread { body(keywordSpread) }
    }
}
