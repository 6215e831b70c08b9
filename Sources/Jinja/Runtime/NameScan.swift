/// Which of some special names a body uses without having written them before, through all scopes inside it.
struct NameScan {
    private var wanted: Set<String>
    private(set) var used: Set<String> = []

    static func names(_ names: Set<String>, usedIn statements: [Statement]) -> Set<String> {
        var scan = NameScan(wanted: names)
        scan.visit(statements)
        return scan.used
    }

    private init(wanted: Set<String>) { self.wanted = wanted }

    private mutating func visit(_ statements: [Statement]) { for statement in statements { visit(statement) } }

    private mutating func visit(_ statement: Statement) {
        switch statement {
        case .data, .breakLoop, .continueLoop: break
        case .print(let expression, _): visit(expression)
        case .loop(let node):
            visit(node.target)
            visit(node.sequence)
            visit(node.body)
            visit(node.otherwise)
            if let test = node.test { visit(test) }
        case .condition(let node):
            for branch in node.branches {
                visit(branch.test)
                visit(branch.body)
            }
            visit(node.otherwise)
        case .assignment(let target, let expression, _):
            visit(target)
            visit(expression)
        case .blockAssignment(let node, let target):
            visit(target)
            visit(node)
        case .macro(let node): visit(node)
        case .call(let node, let call):
            visit(.suffixed(call))
            visit(node)
        case .filterBlock(let node): visit(node)
        case .with(let node):
            for target in node.targets { visit(target) }
            for value in node.values { visit(value) }
            visit(node.body)
        case .generation(let node): visit(node.body)
        }
    }

    private mutating func visit(_ node: BlockNode) {
        for filter in node.filters {
            visit(.suffixed(SuffixedNode(base: .constant(.none), suffixes: [.filter(filter)])))
        }
        visit(node.body)
    }

    private mutating func visit(_ node: MacroNode) {
        for parameter in node.parameters { wanted.remove(parameter.name.name) }
        for parameter in node.parameters { if let value = parameter.defaultValue { visit(value) } }
        visit(node.body)
    }

    private mutating func visit(_ target: Target) {
        switch target {
        case .name(let node): wanted.remove(node.name)
        case .tuple(let targets, _): for target in targets { visit(target) }
        case .attribute: break
        }
    }

    private mutating func visit(_ expression: Expression) {
        if case .name(let node) = expression, wanted.contains(node.name) { used.insert(node.name) }
        for child in expression.children { visit(child) }
    }
}
