/// How deep the tree of a template is. A level of brackets in the source can make several levels of the tree, and what
/// walks the tree recurses once a level.
struct TreeDepth {
    let limit: Int

    func check(_ statements: [Statement], depth: Int = 1) throws(JinjaError) {
        for statement in statements { try check(statement, depth: depth) }
    }

    private func check(_ statement: Statement, depth: Int) throws(JinjaError) {
        try check(depth)
        switch statement {
        case .data, .breakLoop, .continueLoop: break
        case .print(let expression, _), .assignment(_, let expression, _):
            try check(expression, depth: depth + 1)
        case .loop(let node):
            try check(node.sequence, depth: depth + 1)
            if let test = node.test { try check(test, depth: depth + 1) }
            try check(node.body, depth: depth + 1)
            try check(node.otherwise, depth: depth + 1)
        case .condition(let node):
            for branch in node.branches {
                try check(branch.test, depth: depth + 1)
                try check(branch.body, depth: depth + 1)
            }
            try check(node.otherwise, depth: depth + 1)
        case .blockAssignment(let node, _), .filterBlock(let node):
            for filter in node.filters {
                for argument in filter.arguments.children { try check(argument, depth: depth + 1) }
            }
            try check(node.body, depth: depth + 1)
        case .macro(let node), .generation(let node): try check(node, depth: depth)
        case .call(let node, let call):
            try check(.suffixed(call), depth: depth + 1)
            try check(node, depth: depth)
        case .with(let node):
            for value in node.values { try check(value, depth: depth + 1) }
            try check(node.body, depth: depth + 1)
        }
    }

    private func check(_ node: MacroNode, depth: Int) throws(JinjaError) {
        for parameter in node.parameters {
            if let value = parameter.defaultValue { try check(value, depth: depth + 1) }
        }
        try check(node.body, depth: depth + 1)
    }

    private func check(_ expression: Expression, depth: Int) throws(JinjaError) {
        try check(depth)
        for child in expression.children { try check(child, depth: depth + 1) }
    }

    private func check(_ depth: Int) throws(JinjaError) {
        if depth > limit { throw JinjaError(.limit, "the template is nested more than \(limit) levels deep") }
    }
}

extension Expression {
    /// The expressions directly inside this one, in the order of the source.
    var children: [Expression] {
        switch self {
        case .constant, .literal, .name: []
        case .list(let elements), .tuple(let elements), .logical(_, let elements), .concatenation(let elements, _):
            elements
        case .dictionary(let entries, _): entries.flatMap { [$0.key, $0.value] }
        case .conditional(let node): [node.test, node.then] + (node.otherwise.map { [$0] } ?? [])
        case .not(let operand), .sign(_, let operand, _): [operand]
        case .comparison(let node): [node.first] + node.operands.map(\.expression)
        case .arithmetic(let node): [node.first] + node.operands.map(\.expression)
        case .suffixed(let node): [node.base] + node.suffixes.flatMap(\.children)
        }
    }
}

extension Suffix {
    var children: [Expression] {
        switch self {
        case .attribute: []
        case .item(let index, _): [index]
        case .slice(let lower, let upper, let step, _): [lower, upper, step].compactMap { $0 }
        case .call(let node): node.children
        case .filter(let node), .test(let node, _): node.arguments.children
        }
    }
}

extension CallNode {
    var children: [Expression] {
        positional + keywords.map(\.value) + [spread, keywordSpread].compactMap { $0 }
    }
}
