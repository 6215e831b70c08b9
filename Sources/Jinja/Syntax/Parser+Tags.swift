/// One function a tag; each starts after the tag's name.
extension Parser {
    mutating func parseFor(_ position: Position) throws(JinjaError) -> Statement {
        let target = try parseTargets(endsBefore: "in", allowsAttributes: false)
        try expect(.name("in"))
        let sequence = try parseTuple(allowsConditional: false, endsBefore: "recursive")
        let test = skip(name: "if") ? try parseExpression() : nil
        let testTarget = test == nil ? nil : renumbered(target)
        let isRecursive = skip(name: "recursive")
        let identifier = makeScope()
        let (body, end) = try parseBlock(until: ["endfor", "else"])
        let otherwise = end == "else" ? try parseBlock(until: ["endfor"]).body : []
        return .loop(
            LoopNode(
                target: target, testTarget: testTarget, sequence: sequence, test: test, isRecursive: isRecursive,
                body: body,
                otherwise: otherwise, identifier: identifier, position: position))
    }

    mutating func parseIf(_ position: Position) throws(JinjaError) -> Statement {
        var branches: [ConditionNode.Branch] = []
        var place = position
        while true {
            let test = try parseTuple(allowsConditional: false)
            let (body, end) = try parseBlock(until: ["elif", "else", "endif"])
            branches.append(.init(test: test, body: body, position: place))
            if end == "elif" {
                place = current.position
                continue
            }
            let otherwise = end == "else" ? try parseBlock(until: ["endif"]).body : []
            return .condition(ConditionNode(branches: branches, otherwise: otherwise))
        }
    }

    mutating func parseSet(_ position: Position) throws(JinjaError) -> Statement {
        let target = try parseTargets(endsBefore: nil, allowsAttributes: true)
        if skip(.assign) { return .assignment(target, try parseTuple(), position) }
        var filters: [FilterNode] = []
        while skip(.pipe) { filters.append(try parseFilter()) }
        let identifier = makeScope()
        let body = try parseBlock(until: ["endset"]).body
        return .blockAssignment(
            BlockNode(filters: filters, body: body, identifier: identifier, position: position), target)
    }

    mutating func parseMacro(_ position: Position) throws(JinjaError) -> MacroNode {
        let (name, place) = try expectName()
        let node = makeName(name, place)
        let parameters = try parseParameters()
        return try parseMacroBody(node, parameters, position, until: "endmacro")
    }

    private mutating func parseMacroBody(
        _ name: NameNode?, _ parameters: [MacroNode.Parameter], _ position: Position, until end: String
    ) throws(JinjaError) -> MacroNode {
        let identifier = makeScope()
        let body = try parseBlock(until: [end]).body
        return MacroNode(name: name, parameters: parameters, body: body, identifier: identifier, position: position)
    }

    private mutating func parseParameters() throws(JinjaError) -> [MacroNode.Parameter] {
        var parameters: [MacroNode.Parameter] = []
        try expect(.symbol(.openParenthesis))
        while !isSymbol(.closeParenthesis) {
            if !parameters.isEmpty { try expect(.symbol(.comma)) }
            let (name, position) = try expectName()
            if parameters.contains(where: { $0.name.name == name }) {
                throw failure("duplicate argument '\(name)' in macro definition", at: position)
            }
            var defaultValue: Expression?
            if skip(.assign) {
                defaultValue = try parseExpression()
            } else if parameters.last?.defaultValue != nil {
                throw failure("non-default argument follows default argument")
            }
            parameters.append(.init(name: makeName(name, position), defaultValue: defaultValue))
        }
        try expect(.symbol(.closeParenthesis))
        return parameters
    }

    mutating func parseCallBlock(_ position: Position) throws(JinjaError) -> Statement {
        let parameters = isSymbol(.openParenthesis) ? try parseParameters() : []
        guard case .suffixed(let call) = try parseExpression(), case .call = call.suffixes.last else {
            throw failure("expected call", at: position)
        }
        return .call(try parseMacroBody(nil, parameters, position, until: "endcall"), call)
    }

    mutating func parseFilterBlock(_ position: Position) throws(JinjaError) -> Statement {
        var filters = [try parseFilter()]
        while skip(.pipe) { filters.append(try parseFilter()) }
        let identifier = makeScope()
        let body = try parseBlock(until: ["endfilter"]).body
        return .filterBlock(BlockNode(filters: filters, body: body, identifier: identifier, position: position))
    }

    mutating func parseWith() throws(JinjaError) -> Statement {
        var targets: [Target] = []
        var values: [Expression] = []
        while current.kind != .blockEnd, current.kind != .end {
            if !targets.isEmpty { try expect(.symbol(.comma)) }
            targets.append(try parseTargets(endsBefore: nil, allowsAttributes: false))
            try expect(.symbol(.assign))
            values.append(try parseExpression())
        }
        let identifier = makeScope()
        let body = try parseBlock(until: ["endwith"]).body
        return .with(WithNode(targets: targets, values: values, body: body, identifier: identifier))
    }

    mutating func parsePrint() throws(JinjaError) -> [Statement] {
        var statements: [Statement] = []
        while current.kind != .blockEnd, current.kind != .end {
            if !statements.isEmpty { try expect(.symbol(.comma)) }
            let position = current.position
            statements.append(.print(try parseExpression(), position))
        }
        return statements
    }

    mutating func parseGeneration(_ position: Position) throws(JinjaError) -> Statement {
        .generation(try parseMacroBody(nil, [], position, until: "endgeneration"))
    }

    // MARK: Targets

    /// What is assigned to: a name, an attribute of a namespace, or several of them with commas.
    mutating func parseTargets(endsBefore name: String?, allowsAttributes: Bool) throws(JinjaError) -> Target {
        let position = current.position
        var targets: [Target] = []
        var isTuple = false
        while true {
            if !targets.isEmpty { try expect(.symbol(.comma)) }
            if isTupleEnd(name) { break }
            targets.append(try parseTarget(allowsAttributes: allowsAttributes))
            guard isSymbol(.comma) else { break }
            isTuple = true
        }
        if isTuple { return .tuple(targets, position) }
        if let only = targets.first { return only }
        throw failure("Expected an expression, got '\(current.description)'")
    }

    /// The same target with names of its own.
    private mutating func renumbered(_ target: Target) -> Target {
        switch target {
        case .name(let node): return .name(makeName(node.name, node.position))
        case .attribute(let node, let attribute): return .attribute(makeName(node.name, node.position), attribute)
        case .tuple(let targets, let position):
            var copies: [Target] = []
            for target in targets { copies.append(renumbered(target)) }
            return .tuple(copies, position)
        }
    }

    private mutating func parseTarget(allowsAttributes: Bool) throws(JinjaError) -> Target {
        let position = current.position
        if allowsAttributes, case .name(let name) = current.kind, next.kind == .symbol(.dot) {
            advance()
            advance()
            return .attribute(makeName(name, position), try expectName().name)
        }
        if isSymbol(.openParenthesis) {
            try enter()
            defer { leave() }
            advance()
            let target = try parseTargets(endsBefore: nil, allowsAttributes: allowsAttributes)
            try expect(.symbol(.closeParenthesis))
            return target
        }
        let expression = try parsePrimary()
        guard case .name(let name) = expression else {
            throw failure("can't assign to '\(expression.kindName)'", at: position)
        }
        return .name(name)
    }
}
