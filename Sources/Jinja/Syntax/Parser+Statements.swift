/// Bodies and tags.
extension Parser {
    /// Parses data, print statements and tags until one of the end tags, whose name is then the current token; the end
    /// of the template ends any body.
    mutating func parseBody(until ends: [String]) throws(JinjaError) -> [Statement] {
        if !ends.isEmpty { endTags.append(ends) }
        defer { if !ends.isEmpty { endTags.removeLast() } }
        var statements: [Statement] = []
        while true {
            let token = current
            switch token.kind {
            case .data(let bytes):
                advance()
                statements.append(.data(numbered(text: bytes)))
            case .variableBegin:
                advance()
                let position = current.position
                statements.append(.print(try parseTuple(), position))
                try expect(.variableEnd)
            case .blockBegin:
                advance()
                if case .name(let name) = current.kind, ends.contains(name) { return statements }
                statements += try parseTag()
                try expect(.blockEnd)
            default: return statements
            }
        }
    }

    /// The body of a tag: the rest of the tag's own block, then statements up to one of the end tags. Returns the name of
    /// the end tag, which is stepped over.
    @inline(never) mutating func parseBlock(until ends: [String]) throws(JinjaError) -> (body: [Statement], end: String)
    {
        _ = skip(.colon)
        try expect(.blockEnd)
        try enter()
        defer { leave() }
        let body = try parseBody(until: ends)
        guard case .name(let end) = current.kind else {
            endTags.append(ends)
            throw unexpectedEnd()
        }
        advance()
        return (body, end)
    }

    @inline(never) private mutating func parseTag() throws(JinjaError) -> [Statement] {
        guard case .name(let name) = current.kind else { throw failure("tag name expected") }
        openTags.append(name)
        let position = advance().position
        let statements = try parseTag(name, position)
        openTags.removeLast()
        return statements
    }

    @inline(never) private mutating func parseTag(_ name: String, _ position: Position) throws(JinjaError)
        -> [Statement]
    {
        switch name {
        case "for": return [try parseFor(position)]
        case "if": return [try parseIf(position)]
        case "set": return [try parseSet(position)]
        case "macro": return [.macro(try parseMacro(position))]
        case "call": return [try parseCallBlock(position)]
        case "filter": return [try parseFilterBlock(position)]
        case "with": return [try parseWith()]
        case "print": return try parsePrint()
        case "generation": return [try parseGeneration(position)]
        case "break": return [.breakLoop(position)]
        case "continue": return [.continueLoop(position)]
        case "include", "import", "from", "extends", "block", "autoescape":
            throw failure("the tag '\(name)' is not supported: a chat template stands alone", at: position)
        default:
            openTags.removeLast()
            throw unknownTag(name, position)
        }
    }

    // MARK: Messages

    func unexpectedEnd() -> JinjaError { nesting("Unexpected end of template.", found: nil, current.position) }

    private func unknownTag(_ name: String, _ position: Position) -> JinjaError {
        nesting("Encountered unknown tag '\(name)'.", found: name, position)
    }

    private func nesting(_ start: String, found: String?, _ position: Position) -> JinjaError {
        var parts = [start]
        if let last = endTags.last {
            let looking = last.map { "'\($0)'" }.joined(separator: " or ")
            if let found, endTags.contains(where: { $0.contains(found) }) {
                parts.append(
                    "You probably made a nesting mistake. Jinja is expecting this tag,"
                        + " but currently looking for \(looking).")
            } else {
                parts.append("Jinja was looking for the following tags: \(looking).")
            }
        }
        if let open = openTags.last {
            parts.append("The innermost block that needs to be closed is '\(open)'.")
        }
        return failure(parts.joined(separator: " "), at: position)
    }
}
