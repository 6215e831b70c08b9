/// A parsed template, ready to run: statements, texts, and what each name refers to.
struct Program: Sendable {
    let statements: [Statement]
    /// Template data and string literals.
    let texts: [[UInt8]]
    /// For each use of a name.
    let references: [Reference]
    /// For each loop, block and macro.
    let scopes: [Scope]
    /// Variables of the template's own level.
    let rootSlots: Int
    let rootLoads: [Load]

    init(_ source: String, limits: TemplateLimits) throws(JinjaError) {
        guard source.utf8.count <= limits.sourceBytes else {
            throw JinjaError(.limit, "the template has \(source.utf8.count) bytes; the limit is \(limits.sourceBytes)")
        }
        var lexer = Lexer(source)
        var parser = Parser(tokens: try lexer.tokenize(), limits: limits)
        statements = try parser.parseTemplate()
        try TreeDepth(limit: limits.treeDepth).check(statements)
        texts = parser.texts
        var resolver = Resolver(names: parser.nameCount, scopes: parser.scopeCount)
        (rootSlots, rootLoads) = try resolver.resolveTemplate(statements)
        references = resolver.references
        scopes = resolver.scopes
    }
}

/// Where a variable lives: so many activations outwards, in that slot.
struct Reference: Sendable, Hashable {
    var hops: Int
    var slot: Int
}

/// What a variable of a scope holds when the scope is entered.
struct Load: Sendable {
    enum Action: Sendable {
        /// The value of the render's context or a global of that name.
        case resolve(String)
        /// The value of an outer variable.
        case alias(Reference)
        /// Nothing.
        case undefined
    }

    let slot: Int
    let action: Action
}

/// What the interpreter needs to know about a loop, a block or a macro.
struct Scope: Sendable {
    /// Loads of the body.
    var loads: [Load] = []
    /// Loads of a loop's `else`.
    var otherwiseLoads: [Load] = []
    /// Loads of a loop's test.
    var testLoads: [Load] = []
    /// The slot of `loop`, when the body of a loop uses it.
    var loopSlot: Int?
    /// The number of variables, when the scope has an activation of its own: macros and recursive loops.
    var slots = 0
    /// The slots of what a macro's body uses without declaring it.
    var callerSlot: Int?
    var keywordsSlot: Int?
    var positionalSlot: Int?
}
