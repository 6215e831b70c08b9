/// Decides what each name of a template refers to, before it runs. The result is that of Jinja's compiler, in which the
/// template, each macro and each recursive loop is a function and closures see variables, not values.
struct Resolver {
    var references: [Reference]
    var scopes: [Scope]
    private var loopDepth = 0

    init(names: Int, scopes: Int) {
        references = Array(repeating: Reference(hops: 0, slot: 0), count: names)
        self.scopes = Array(repeating: Scope(), count: scopes)
    }

    mutating func resolveTemplate(_ statements: [Statement]) throws(JinjaError) -> (slots: Int, loads: [Load]) {
        let symbols = Symbols(parent: nil, function: .init(depth: 0))
        symbols.analyze(statements)
        try resolve(statements, symbols, isSoft: false)
        return (symbols.function.slots.count, symbols.makeLoads())
    }

    /// - Parameter isSoft: inside a condition, where an unknown filter is only an error once it is used.
    private mutating func resolve(
        _ statements: [Statement], _ symbols: Symbols, isSoft: Bool
    ) throws(JinjaError) {
        for statement in statements { try resolve(statement, symbols, isSoft: isSoft) }
    }

    private mutating func resolve(_ statement: Statement, _ symbols: Symbols, isSoft: Bool) throws(JinjaError) {
        switch statement {
        case .data: break
        case .print(let expression, _): try resolve(expression, symbols, isSoft: isSoft)
        case .loop(let node): try resolve(node, symbols, isSoft: isSoft)
        case .condition(let node):
            for branch in node.branches {
                try resolve(branch.test, symbols, isSoft: true)
                try resolve(branch.body, symbols, isSoft: true)
            }
            try resolve(node.otherwise, symbols, isSoft: true)
        case .assignment(let target, let expression, _):
            try resolve(expression, symbols, isSoft: isSoft)
            resolve(target, symbols)
        case .blockAssignment(let node, let target):
            try resolve(node, symbols)
            resolve(target, symbols)
        case .filterBlock(let node): try resolve(node, symbols)
        case .macro(let node):
            try resolve(node, symbols)
            if let name = node.name { resolve(name, symbols) }
        case .call(let node, let call):
            try resolve(node, symbols)
            try resolve(.suffixed(call), symbols, isSoft: isSoft)
        case .generation(let node): try resolve(node, symbols)
        case .with(let node): try resolve(node, symbols, isSoft: isSoft)
        case .breakLoop(let position), .continueLoop(let position):
            if loopDepth == 0 { throw JinjaError(.syntax, "break or continue outside a loop", at: position) }
        }
    }

    private mutating func resolve(_ node: LoopNode, _ symbols: Symbols, isSoft: Bool) throws(JinjaError) {
        let function = node.isRecursive ? Symbols.Function(depth: symbols.function.depth + 1) : symbols.function
        let body = Symbols(parent: symbols, function: function)
        let usesLoop = node.isRecursive || !NameScan.names(["loop"], usedIn: node.body).isEmpty
        if usesLoop { scopes[node.identifier].loopSlot = body.declareParameter("loop").slot }
        body.declareParameters(node.target)
        body.analyze(node.body)
        let otherwise = Symbols(parent: symbols, function: function, tag: "else")
        otherwise.analyze(node.otherwise)
        if let test = node.test, let target = node.testTarget {
            let symbols = Symbols(parent: symbols, function: function, tag: "test")
            symbols.declareParameters(target)
            symbols.analyze(test)
            resolve(target, symbols)
            try resolve(test, symbols, isSoft: false)
            scopes[node.identifier].testLoads = symbols.makeLoads()
        }
        if let position = LoopAssignment.position(in: node) {
            throw JinjaError(
                .syntax, "Can't assign to special loop variable in for-loop target", at: position)
        }
        resolve(node.target, body)
        try resolve(node.sequence, symbols, isSoft: isSoft)
        loopDepth += 1
        try resolve(node.body, body, isSoft: false)
        loopDepth -= 1
        try resolve(node.otherwise, otherwise, isSoft: false)
        scopes[node.identifier].loads = body.makeLoads()
        scopes[node.identifier].otherwiseLoads = otherwise.makeLoads()
        if node.isRecursive { scopes[node.identifier].slots = function.slots.count }
    }

    private mutating func resolve(_ node: BlockNode, _ symbols: Symbols) throws(JinjaError) {
        let inner = Symbols(parent: symbols, function: symbols.function, tag: "block")
        inner.analyze(node.body)
        for filter in node.filters { inner.analyze(filter.arguments) }
        try resolve(node.body, inner, isSoft: false)
        for filter in node.filters { try resolve(filter, isTest: false, inner, isSoft: false) }
        scopes[node.identifier].loads = inner.makeLoads()
    }

    private mutating func resolve(_ node: WithNode, _ symbols: Symbols, isSoft: Bool) throws(JinjaError) {
        let inner = Symbols(parent: symbols, function: symbols.function)
        for target in node.targets { inner.declareParameters(target) }
        inner.analyze(node.body)
        for value in node.values { try resolve(value, symbols, isSoft: isSoft) }
        for target in node.targets { resolve(target, inner) }
        try resolve(node.body, inner, isSoft: false)
        scopes[node.identifier].loads = inner.makeLoads()
    }

    private mutating func resolve(_ node: MacroNode, _ symbols: Symbols) throws(JinjaError) {
        let inner = Symbols(parent: symbols, function: .init(depth: symbols.function.depth + 1))
        let declared = Set(node.parameters.map(\.name.name))
        let special = NameScan.names(["caller", "kwargs", "varargs"], usedIn: node.body)
        if special.contains("caller"), let caller = node.parameters.first(where: { $0.name.name == "caller" }),
            caller.defaultValue == nil
        {
            throw JinjaError(
                .syntax,
                "When defining macros or call blocks the special \"caller\" argument must be omitted or be given a"
                    + " default.", at: node.position)
        }
        for parameter in node.parameters { inner.declareParameter(parameter.name.name) }
        func declare(_ name: String) -> Int? {
            special.contains(name) && !declared.contains(name) ? inner.declareParameter(name).slot : nil
        }
        scopes[node.identifier].callerSlot = declare("caller")
        scopes[node.identifier].keywordsSlot = declare("kwargs")
        scopes[node.identifier].positionalSlot = declare("varargs")
        for parameter in node.parameters { if let value = parameter.defaultValue { inner.analyze(value) } }
        inner.analyze(node.body)
        for parameter in node.parameters {
            resolve(parameter.name, inner)
            if let value = parameter.defaultValue { try resolve(value, inner, isSoft: false) }
        }
        let outerLoopDepth = loopDepth
        loopDepth = 0
        try resolve(node.body, inner, isSoft: false)
        loopDepth = outerLoopDepth
        scopes[node.identifier].loads = inner.makeLoads()
        scopes[node.identifier].slots = inner.function.slots.count
    }
}

extension Resolver {
    private mutating func resolve(_ node: NameNode, _ symbols: Symbols) {
        // Every name has been analysed, so it has a place.
        guard let location = symbols.find(node.name) else { return }
        references[node.identifier] = symbols.reference(to: location)
    }

    private mutating func resolve(_ target: Target, _ symbols: Symbols) {
        switch target {
        case .name(let node), .attribute(let node, _): resolve(node, symbols)
        case .tuple(let targets, _): for target in targets { resolve(target, symbols) }
        }
    }

    private mutating func resolve(
        _ expression: Expression, _ symbols: Symbols, isSoft: Bool
    ) throws(JinjaError) {
        if case .name(let node) = expression { resolve(node, symbols) }
        if case .suffixed(let node) = expression {
            for suffix in node.suffixes { try checkName(suffix, isSoft: isSoft) }
        }
        var isSoft = isSoft
        if case .conditional = expression { isSoft = true }
        for child in expression.children { try resolve(child, symbols, isSoft: isSoft) }
    }

    private mutating func resolve(
        _ node: FilterNode, isTest: Bool, _ symbols: Symbols, isSoft: Bool
    ) throws(JinjaError) {
        let suffix: Suffix = isTest ? .test(node, isNegated: false) : .filter(node)
        try resolve(
            .suffixed(SuffixedNode(base: .constant(.none), suffixes: [suffix])), symbols, isSoft: isSoft)
    }

    private func checkName(_ suffix: Suffix, isSoft: Bool) throws(JinjaError) {
        if isSoft { return }
        switch suffix {
        case .filter(let node) where Filters.table[node.name] == nil:
            throw JinjaError(.syntax, "No filter named '\(node.name)'.", at: node.position)
        case .test(let node, _) where Tests.table[node.name] == nil:
            throw JinjaError(.syntax, "No test named '\(node.name)'.", at: node.position)
        default: break
        }
    }
}

/// Finds an assignment to the name `loop` in a loop, which Jinja refuses.
private enum LoopAssignment {
    static func position(in node: LoopNode) -> Position? {
        position(in: node.target) ?? position(in: node.body) ?? position(in: node.otherwise)
    }

    private static func position(in statements: [Statement]) -> Position? {
        for statement in statements { if let position = position(in: statement) { return position } }
        return nil
    }

    private static func position(in statement: Statement) -> Position? {
        switch statement {
        case .data, .print, .breakLoop, .continueLoop: nil
        case .loop(let node): position(in: node)
        case .condition(let node):
            node.branches.lazy.compactMap { position(in: $0.body) }.first ?? position(in: node.otherwise)
        case .assignment(let target, _, _): position(in: target)
        case .blockAssignment(let node, let target): position(in: target) ?? position(in: node.body)
        case .macro(let node), .call(let node, _), .generation(let node): position(in: node.body)
        case .filterBlock(let node): position(in: node.body)
        case .with(let node): position(in: node.body)
        }
    }

    private static func position(in target: Target) -> Position? {
        switch target {
        case .name(let node): node.name == "loop" ? node.position : nil
        case .tuple(let targets, _): targets.lazy.compactMap { position(in: $0) }.first
        case .attribute: nil
        }
    }
}
