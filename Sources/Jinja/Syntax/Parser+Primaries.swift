/// Names, literals and brackets.
extension Parser {
    mutating func parsePrimary() throws(JinjaError) -> Expression {
        let token = current
        switch token.kind {
        case .name(let name):
            advance()
            switch name {
            case "true", "True": return .constant(.boolean(true))
            case "false", "False": return .constant(.boolean(false))
            case "none", "None": return .constant(.none)
            default: return .name(makeName(name, token.position))
            }
        case .string(var text):
            advance()
            while case .string(let more) = current.kind {
                text += more
                advance()
            }
            return .literal(numbered(text: text))
        case .integer(let value):
            advance()
            return .constant(.integer(value))
        case .float(let value):
            advance()
            return .constant(.float(value))
        case .symbol(.openParenthesis):
            advance()
            let expression = try parseTuple(inParentheses: true)
            try expect(.symbol(.closeParenthesis))
            return expression
        case .symbol(.openBracket): return try parseList()
        case .symbol(.openBrace): return try parseDictionary()
        default: throw failure("unexpected '\(token.description)'")
        }
    }

    /// An expression, or several with commas between them, which make a tuple.
    @inline(never) mutating func parseTuple(
        allowsConditional: Bool = true, endsBefore name: String? = nil, inParentheses: Bool = false
    ) throws(JinjaError) -> Expression {
        var elements: [Expression] = []
        var isTuple = false
        while true {
            if !elements.isEmpty { try expect(.symbol(.comma)) }
            if isTupleEnd(name) { break }
            elements.append(try parseExpression(allowsConditional: allowsConditional))
            guard isSymbol(.comma) else { break }
            isTuple = true
        }
        if isTuple { return .tuple(elements) }
        if let only = elements.first { return only }
        guard inParentheses else { throw failure("Expected an expression, got '\(current.description)'") }
        return .tuple([])
    }

    func isTupleEnd(_ name: String?) -> Bool {
        switch current.kind {
        case .variableEnd, .blockEnd, .symbol(.closeParenthesis): true
        case .name(let current): current == name
        default: false
        }
    }

    @inline(never) private mutating func parseList() throws(JinjaError) -> Expression {
        try expect(.symbol(.openBracket))
        var elements: [Expression] = []
        while !isSymbol(.closeBracket) {
            if !elements.isEmpty { try expect(.symbol(.comma)) }
            if isSymbol(.closeBracket) { break }
            elements.append(try parseExpression())
        }
        try expect(.symbol(.closeBracket))
        return .list(elements)
    }

    @inline(never) private mutating func parseDictionary() throws(JinjaError) -> Expression {
        let position = try expect(.symbol(.openBrace)).position
        var entries: [DictionaryEntry] = []
        while !isSymbol(.closeBrace) {
            if !entries.isEmpty { try expect(.symbol(.comma)) }
            if isSymbol(.closeBrace) { break }
            let key = try parseExpression()
            try expect(.symbol(.colon))
            entries.append(DictionaryEntry(key: key, value: try parseExpression()))
        }
        try expect(.symbol(.closeBrace))
        return .dictionary(entries, position)
    }
}
