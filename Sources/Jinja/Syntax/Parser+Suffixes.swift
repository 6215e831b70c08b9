/// What follows an expression: attributes, indices, calls, filters, tests.
extension Parser {
    @inline(never) mutating func parseSuffixes(of base: Expression, withFilters: Bool) throws(JinjaError) -> Expression
    {
        var suffixes: [Suffix] = []
        if case .suffixed(let node) = base {
            suffixes = node.suffixes
        }
        let start = suffixes.count
        while let suffix = try parseSuffix(withFilters: false) { suffixes.append(suffix) }
        if withFilters {
            while let suffix = try parseSuffix(withFilters: true) { suffixes.append(suffix) }
        }
        guard suffixes.count > start else { return base }
        if case .suffixed(let node) = base { return .suffixed(SuffixedNode(base: node.base, suffixes: suffixes)) }
        return .suffixed(SuffixedNode(base: base, suffixes: suffixes))
    }

    /// Before the first filter come attributes, indices and calls; after it filters, tests and calls.
    @inline(never) private mutating func parseSuffix(withFilters: Bool) throws(JinjaError) -> Suffix? {
        switch current.kind {
        case .symbol(.openParenthesis): return .call(try parseArguments())
        case .symbol(.dot) where !withFilters: return try parseAttribute()
        case .symbol(.openBracket) where !withFilters: return try parseSubscript()
        case .symbol(.pipe) where withFilters:
            advance()
            return .filter(try parseFilter())
        case .name("is") where withFilters: return try parseTest()
        default: return nil
        }
    }

    @inline(never) private mutating func parseAttribute() throws(JinjaError) -> Suffix {
        let position = advance().position
        let token = advance()
        switch token.kind {
        case .name(let name): return .attribute(name, numbered(text: Array(name.utf8)), position)
        case .integer(let index): return .item(.constant(.integer(index)), position)
        default: throw failure("expected name or number", at: token.position)
        }
    }

    @inline(never) private mutating func parseSubscript() throws(JinjaError) -> Suffix {
        let position = advance().position
        var elements: [Expression] = []
        while !isSymbol(.closeBracket) {
            if !elements.isEmpty { try expect(.symbol(.comma)) }
            let lower = isSymbol(.colon) ? nil : try parseExpression()
            if isSymbol(.colon) {
                guard elements.isEmpty else { throw failure("a slice cannot be one of several indices") }
                let slice = try parseSlice(lower: lower, position)
                try expect(.symbol(.closeBracket))
                return slice
            }
            if let lower { elements.append(lower) }
        }
        try expect(.symbol(.closeBracket))
        return .item(elements.count == 1 ? elements[0] : .tuple(elements), position)
    }

    @inline(never) private mutating func parseSlice(lower: Expression?, _ position: Position) throws(JinjaError)
        -> Suffix
    {
        advance()
        let upper = endsSlicePart() ? nil : try parseExpression()
        var step: Expression?
        if skip(.colon), !endsSlicePart() { step = try parseExpression() }
        return .slice(lower: lower, upper: upper, step: step, position)
    }

    private func endsSlicePart() -> Bool { isSymbol(.colon) || isSymbol(.closeBracket) || isSymbol(.comma) }

    // MARK: Filters and tests

    /// A filter, after its bar.
    @inline(never) mutating func parseFilter() throws(JinjaError) -> FilterNode {
        let (name, position) = try parseDottedName()
        let arguments = isSymbol(.openParenthesis) ? try parseArguments() : CallNode(position: position)
        return FilterNode(name: name, arguments: arguments, position: position)
    }

    private mutating func parseDottedName() throws(JinjaError) -> (name: String, position: Position) {
        var (name, position) = try expectName()
        while skip(.dot) { name += "." + (try expectName().name) }
        return (name, position)
    }

    @inline(never) private mutating func parseTest() throws(JinjaError) -> Suffix {
        advance()
        let isNegated = skip(name: "not")
        let (name, position) = try parseDottedName()
        var arguments = CallNode(position: position)
        if isSymbol(.openParenthesis) {
            arguments = try parseArguments()
        } else if try startsTestArgument() {
            try enter()
            defer { leave() }
            arguments.positional = [try parseSuffixes(of: try parsePrimary(), withFilters: false)]
        }
        return .test(FilterNode(name: name, arguments: arguments, position: position), isNegated: isNegated)
    }

    /// Whether an argument without parentheses follows, as in `x is divisibleby 3`.
    private func startsTestArgument() throws(JinjaError) -> Bool {
        switch current.kind {
        case .name("else"), .name("or"), .name("and"): return false
        case .name("is"): throw failure("You cannot chain multiple tests with is")
        case .name, .string, .integer, .float: return true
        case .symbol(let symbol): return symbol == .openBracket || symbol == .openBrace
        default: return false
        }
    }

    // MARK: Arguments

    @inline(never) mutating func parseArguments() throws(JinjaError) -> CallNode {
        var node = CallNode(position: current.position)
        try expect(.symbol(.openParenthesis))
        var needsComma = false
        while !isSymbol(.closeParenthesis) {
            if needsComma {
                try expect(.symbol(.comma))
                if isSymbol(.closeParenthesis) { break }
            }
            try parseArgument(into: &node)
            needsComma = true
        }
        try expect(.symbol(.closeParenthesis))
        return node
    }

    @inline(never) private mutating func parseArgument(into node: inout CallNode) throws(JinjaError) {
        let isAllowed: Bool
        if skip(.times) {
            isAllowed = node.spread == nil && node.keywordSpread == nil
            node.spread = try parseExpression()
        } else if skip(.power) {
            isAllowed = node.keywordSpread == nil
            node.keywordSpread = try parseExpression()
        } else if case .name(let name) = current.kind, next.kind == .symbol(.assign) {
            isAllowed = node.keywordSpread == nil && !node.keywords.contains { $0.name == name }
            advance()
            advance()
            node.keywords.append(.init(name: name, value: try parseExpression()))
        } else {
            isAllowed = node.spread == nil && node.keywordSpread == nil && node.keywords.isEmpty
            node.positional.append(try parseExpression())
        }
        if !isAllowed { throw failure("invalid syntax for function call expression", at: node.position) }
    }
}
