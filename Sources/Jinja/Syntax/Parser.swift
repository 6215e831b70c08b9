/// Parses tokens to statements. Recursive descent; every construct that nests goes through `nested`, which holds the limit.
struct Parser {
    let tokens: [Token]
    let limits: TemplateLimits
    var index = 0
    /// Texts of data and string literals, which statements and expressions refer to by place.
    var texts: [[UInt8]] = []
    /// How many uses of names, and how many scopes, have been numbered.
    var nameCount = 0
    var scopeCount = 0
    private var depth = 0
    private let stack = StackGuard()
    /// Names of the blocks that are open, and the tags that would end them, for messages.
    var openTags: [String] = []
    var endTags: [[String]] = []

    init(tokens: [Token], limits: TemplateLimits) {
        self.tokens = tokens
        self.limits = limits
    }

    mutating func parseTemplate() throws(JinjaError) -> [Statement] {
        let statements = try parseBody(until: [])
        guard current.kind == .end else { throw unexpectedEnd() }
        return statements
    }

    // MARK: Tokens

    var current: Token { tokens[index] }
    var next: Token { tokens[min(index + 1, tokens.count - 1)] }

    /// Steps over the current token and returns it; the end is never left.
    @discardableResult mutating func advance() -> Token {
        let token = current
        if index + 1 < tokens.count { index += 1 }
        return token
    }

    func isSymbol(_ symbol: Symbol) -> Bool { current.kind == .symbol(symbol) }

    func isName(_ name: String) -> Bool { current.kind == .name(name) }

    mutating func skip(_ symbol: Symbol) -> Bool {
        guard isSymbol(symbol) else { return false }
        advance()
        return true
    }

    mutating func skip(name: String) -> Bool {
        guard isName(name) else { return false }
        advance()
        return true
    }

    @discardableResult mutating func expect(_ kind: Token.Kind) throws(JinjaError) -> Token {
        guard current.kind == kind else { throw expected(Token.describe(kind)) }
        return advance()
    }

    mutating func expectName() throws(JinjaError) -> (name: String, position: Position) {
        guard case .name(let name) = current.kind else { throw expected("name") }
        return (name, advance().position)
    }

    func expected(_ what: String) -> JinjaError {
        if current.kind == .end { return failure("unexpected end of template, expected '\(what)'.") }
        return failure("expected token '\(what)', got '\(current.description)'")
    }

    func failure(_ message: String, at position: Position? = nil) -> JinjaError {
        JinjaError(.syntax, message, at: position ?? current.position)
    }

    // MARK: Numbering and nesting

    mutating func numbered(text: [UInt8]) -> Int {
        texts.append(text)
        return texts.count - 1
    }

    mutating func makeName(_ name: String, _ position: Position) -> NameNode {
        nameCount += 1
        return NameNode(name: name, identifier: nameCount - 1, position: position)
    }

    mutating func makeScope() -> Int {
        scopeCount += 1
        return scopeCount - 1
    }

    mutating func enter() throws(JinjaError) {
        depth += 1
        guard depth <= limits.nesting, stack.used < limits.stackBytes else {
            throw JinjaError(
                .limit, "the template is nested too deeply; the limit is \(limits.nesting) levels", at: current.position
            )
        }
    }

    mutating func leave() { depth -= 1 }
}
