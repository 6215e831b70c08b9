/// Operators, from weak to strong: `if else`, `or`, `and`, `not`, comparisons, `+ -`, `~`, `* / // %`, `**`, signs.
extension Parser {
    mutating func parseExpression(allowsConditional: Bool = true) throws(JinjaError) -> Expression {
        try enter()
        defer { leave() }
        return allowsConditional ? try parseConditional() : try parseOr()
    }

    @inline(never) private mutating func parseConditional() throws(JinjaError) -> Expression {
        var expression = try parseOr()
        while isName("if") {
            let position = advance().position
            let test = try parseOr()
            var otherwise: Expression?
            if skip(name: "else") { otherwise = try parseExpression() }
            expression = .conditional(
                ConditionalNode(test: test, then: expression, otherwise: otherwise, position: position))
        }
        return expression
    }

    private mutating func parseOr() throws(JinjaError) -> Expression {
        var operands = [try parseAnd()]
        while skip(name: "or") { operands.append(try parseAnd()) }
        return operands.count == 1 ? operands[0] : .logical(isAnd: false, operands)
    }

    private mutating func parseAnd() throws(JinjaError) -> Expression {
        var operands = [try parseNot()]
        while skip(name: "and") { operands.append(try parseNot()) }
        return operands.count == 1 ? operands[0] : .logical(isAnd: true, operands)
    }

    private mutating func parseNot() throws(JinjaError) -> Expression {
        guard skip(name: "not") else { return try parseComparison() }
        try enter()
        defer { leave() }
        return .not(try parseNot())
    }

    @inline(never) private mutating func parseComparison() throws(JinjaError) -> Expression {
        let first = try parseSum()
        var operands: [ComparisonNode.Operand] = []
        while let operation = comparisonOperator() {
            let position = advance().position
            if operation == .notContained { advance() }
            operands.append(.init(operation: operation, expression: try parseSum(), position: position))
        }
        return operands.isEmpty ? first : .comparison(ComparisonNode(first: first, operands: operands))
    }

    private func comparisonOperator() -> ComparisonOperator? {
        switch current.kind {
        case .symbol(let symbol):
            switch symbol {
            case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: .init(rawValue: symbol.rawValue)
            default: nil
            }
        case .name("in"): .contained
        case .name("not"): next.kind == .name("in") ? .notContained : nil
        default: nil
        }
    }

    @inline(never) private mutating func parseSum() throws(JinjaError) -> Expression {
        let first = try parseConcatenation()
        var operands: [ArithmeticNode.Operand] = []
        while isSymbol(.plus) || isSymbol(.minus) {
            let operation: ArithmeticOperator = isSymbol(.plus) ? .add : .subtract
            let position = advance().position
            operands.append(.init(operation: operation, expression: try parseConcatenation(), position: position))
        }
        return operands.isEmpty ? first : .arithmetic(ArithmeticNode(first: first, operands: operands))
    }

    private mutating func parseConcatenation() throws(JinjaError) -> Expression {
        let position = current.position
        var parts = [try parseProduct()]
        while skip(.tilde) { parts.append(try parseProduct()) }
        return parts.count == 1 ? parts[0] : .concatenation(parts, position)
    }

    @inline(never) private mutating func parseProduct() throws(JinjaError) -> Expression {
        let first = try parsePower()
        var operands: [ArithmeticNode.Operand] = []
        while let operation = productOperator() {
            let position = advance().position
            operands.append(.init(operation: operation, expression: try parsePower(), position: position))
        }
        return operands.isEmpty ? first : .arithmetic(ArithmeticNode(first: first, operands: operands))
    }

    private func productOperator() -> ArithmeticOperator? {
        guard case .symbol(let symbol) = current.kind else { return nil }
        switch symbol {
        case .times: return .multiply
        case .divide: return .divide
        case .floorDivide: return .floorDivide
        case .modulo: return .modulo
        default: return nil
        }
    }

    /// Powers group from the left in Jinja: `2 ** 3 ** 2` is 64.
    private mutating func parsePower() throws(JinjaError) -> Expression {
        let first = try parseSigned(withFilters: true)
        var operands: [ArithmeticNode.Operand] = []
        while isSymbol(.power) {
            let position = advance().position
            let operand = try parseSigned(withFilters: true)
            operands.append(.init(operation: .power, expression: operand, position: position))
        }
        return operands.isEmpty ? first : .arithmetic(ArithmeticNode(first: first, operands: operands))
    }

    /// A sign binds stronger than a filter: `-1|abs` is 1.
    private mutating func parseSigned(withFilters: Bool) throws(JinjaError) -> Expression {
        let isMinus = isSymbol(.minus)
        var expression: Expression
        if isMinus || isSymbol(.plus) {
            let position = advance().position
            try enter()
            defer { leave() }
            expression = .sign(isMinus: isMinus, try parseSigned(withFilters: false), position)
        } else {
            expression = try parsePrimary()
        }
        return try parseSuffixes(of: expression, withFilters: withFilters)
    }
}
