import OrderedCollections

/// Expressions. The switch only hands on, so that a level of nesting costs little stack.
extension Interpreter {
    func evaluate(_ expression: Expression) throws(JinjaError) -> Value {
        try ascend()
        defer { descend() }
        switch expression {
        case .constant(let constant): return constant.value
        case .literal(let index): return .text(literal(index))
        case .name(let node): return value(of: node)
        case .suffixed(let node): return try evaluateSuffixed(node, caller: nil)
        case .comparison(let node): return try evaluateComparison(node)
        case .logical(let isAnd, let operands): return try evaluateLogical(isAnd, operands)
        case .not(let operand): return .boolean(!(try evaluate(operand).isTrue))
        case .arithmetic(let node): return try evaluateArithmetic(node)
        case .concatenation(let parts, let position): return try evaluateConcatenation(parts, position)
        case .conditional(let node): return try evaluateConditional(node)
        case .list(let elements): return .list(try makeList(try evaluateAll(elements)))
        case .tuple(let elements): return .tuple(try makeList(try evaluateAll(elements)))
        case .dictionary(let entries, let position): return try evaluateDictionary(entries, position)
        case .sign(let isMinus, let operand, let position): return try evaluateSign(isMinus, operand, position)
        }
    }

    private func evaluateAll(_ expressions: [Expression]) throws(JinjaError) -> [Value] {
        var values: [Value] = []
        values.reserveCapacity(expressions.count)
        for expression in expressions { values.append(try evaluate(expression)) }
        return values
    }

    @inline(never) private func evaluateDictionary(
        _ entries: [DictionaryEntry], _ position: Position
    ) throws(JinjaError) -> Value {
        var result: OrderedDictionary<Key, Value> = [:]
        for entry in entries {
            let key = try evaluate(entry.key)
            let value = try evaluate(entry.value)
            self.position = position
            result[try Key(key)] = value
        }
        return .dictionary(try makeDictionary(result))
    }

    func makeDictionary(_ entries: OrderedDictionary<Key, Value>) throws(JinjaError) -> DictionaryValue {
        try charge(entries.count)
        let dictionary = DictionaryValue(unchecked: entries)
        try check(depth: dictionary.depth)
        return dictionary
    }

    @inline(never) private func evaluateConditional(_ node: ConditionalNode) throws(JinjaError) -> Value {
        if try evaluate(node.test).isTrue { return try evaluate(node.then) }
        if let otherwise = node.otherwise { return try evaluate(otherwise) }
        return .undefined(
            UndefinedValue(
                hint: "the inline if-expression on line \(node.position.line) evaluated to false and no else section"
                    + " was defined."))
    }

    /// The value of the operand that decides, as in Python.
    @inline(never) private func evaluateLogical(
        _ isAnd: Bool, _ operands: [Expression]
    ) throws(JinjaError) -> Value {
        var value = Value.none
        for operand in operands {
            value = try evaluate(operand)
            if value.isTrue != isAnd { return value }
        }
        return value
    }

    @inline(never) private func evaluateComparison(_ node: ComparisonNode) throws(JinjaError) -> Value {
        var left = try evaluate(node.first)
        for operand in node.operands {
            let right = try evaluate(operand.expression)
            position = operand.position
            guard try compare(left, operand.operation, right) else { return .boolean(false) }
            left = right
        }
        return .boolean(true)
    }

    @inline(never) private func evaluateArithmetic(_ node: ArithmeticNode) throws(JinjaError) -> Value {
        var value = try evaluate(node.first)
        for operand in node.operands {
            let right = try evaluate(operand.expression)
            position = operand.position
            value = try calculate(value, operand.operation, right)
        }
        return value
    }

    @inline(never) private func evaluateConcatenation(
        _ parts: [Expression], _ position: Position
    ) throws(JinjaError) -> Value {
        var values: [Value] = []
        for part in parts { values.append(try evaluate(part)) }
        self.position = position
        var text = Text("")
        for value in values {
            text = try join(text, value.printed())
        }
        return .text(text.withMarkup(false))
    }

    @inline(never) private func evaluateSign(
        _ isMinus: Bool, _ operand: Expression, _ position: Position
    ) throws(JinjaError) -> Value {
        let value = try evaluate(operand)
        self.position = position
        switch value.number {
        case .integer(let integer):
            if !isMinus { return .integer(integer) }
            guard integer > .min else { throw Arithmetic.overflow }
            return .integer(-integer)
        case .float(let float): return .float(isMinus ? -float : float)
        case nil:
            if case .undefined(let undefined) = value { throw undefined.error }
            throw JinjaError(.value, "bad operand type for unary \(isMinus ? "-" : "+"): '\(value.typeName)'")
        }
    }
}

extension Constant {
    var value: Value {
        switch self {
        case .none: .none
        case .boolean(let value): .boolean(value)
        case .integer(let value): .integer(value)
        case .float(let value): .float(value)
        }
    }
}
