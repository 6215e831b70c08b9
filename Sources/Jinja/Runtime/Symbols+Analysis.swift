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
        for child in expression.children { analyze(child) }
    }

    func analyze(_ node: CallNode) { for child in node.children { analyze(child) } }
}
