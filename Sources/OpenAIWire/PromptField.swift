import OrderedJSON

/// One text for a model, as `prompt` and `input` give it.
public enum PromptField: Sendable, Hashable {
    /// Text.
    case text(String)
    /// Token ids. Whether the model has such tokens is not known here.
    case tokens([Int32])

    /// Reads a field that is a string, an array of strings, an array of token ids, or an array of arrays of token ids.
    ///
    /// - Throws: an error that names the element at fault.
    static func read(
        _ key: String, from fields: JSONObjectReader, atMost limit: Int
    ) throws(JSONFieldError) -> [PromptField] {
        let value = try fields.required(key, fields.value(key))
        if let text = value.stringValue { return [.text(text)] }
        guard let elements = value.arrayValue else {
            throw fields.error(
                key, "must be a string, an array of strings, or an array of token ids, not \(value.kindName)")
        }
        guard let first = elements.first else { throw fields.error(key, "must not be empty") }
        if first.doubleValue != nil { return [.tokens(try tokens(elements, name: fields.name(of: key)))] }
        guard elements.count <= limit else {
            throw fields.error(key, "has \(elements.count) elements; at most \(limit) are taken in one request")
        }
        var prompts: [PromptField] = []
        for (index, element) in elements.enumerated() {
            let name = "\(fields.name(of: key))[\(index)]"
            switch element {
            case .string(let text): prompts.append(.text(text))
            case .array(let ids): prompts.append(.tokens(try tokens(ids, name: name)))
            default:
                throw JSONFieldError(
                    field: name, problem: "must be a string or an array of token ids, not \(element.kindName)")
            }
        }
        return prompts
    }

    private static func tokens(_ elements: [JSON], name: String) throws(JSONFieldError) -> [Int32] {
        var tokens: [Int32] = []
        tokens.reserveCapacity(elements.count)
        for (index, element) in elements.enumerated() {
            guard let number = element.integerValue else {
                throw JSONFieldError(
                    field: "\(name)[\(index)]", problem: "must be a token id, not \(element.kindName)")
            }
            guard let token = Int32(exactly: number), token >= 0 else {
                throw JSONFieldError(field: "\(name)[\(index)]", problem: "is \(number), which is no token id")
            }
            tokens.append(token)
        }
        return tokens
    }
}
