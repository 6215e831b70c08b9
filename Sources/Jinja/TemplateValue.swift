public import OrderedCollections
public import OrderedJSON

/// A value handed to a template, and whose text it is.
///
/// Text that is trusted may hold control tokens: the strings of the model's own vocabulary (`bos_token` …), names of roles
/// from a fixed set. What users and tools send is untrusted, keys of objects included. Numbers, booleans and null have no
/// trust: they cannot spell a token.
public struct TemplateValue: Sendable {
    indirect enum Content: Sendable {
        case json(JSON, trusted: Bool)
        case array([TemplateValue])
        case object(OrderedDictionary<String, TemplateValue>)
    }

    let content: Content

    /// A value all of whose text has one trust.
    public init(_ json: JSON, trusted: Bool) { content = .json(json, trusted: trusted) }

    /// A list of values of different trust.
    public init(_ elements: [TemplateValue]) { content = .array(elements) }

    /// An object whose keys are trusted and whose values have a trust each: a message, say, with a role of ours and a
    /// content of the user's.
    public init(_ members: OrderedDictionary<String, TemplateValue>) { content = .object(members) }

    func makeValue() -> Value {
        switch content {
        case .json(let json, let trusted): return Value(json, trusted: trusted)
        case .array(let elements): return .list(ListValue(unchecked: elements.map { $0.makeValue() }))
        case .object(let members):
            var entries: OrderedDictionary<Key, Value> = [:]
            for (key, value) in members { entries[Key(Text(key))] = value.makeValue() }
            return .dictionary(DictionaryValue(unchecked: entries))
        }
    }
}

extension Value {
    init(_ json: JSON, trusted: Bool) {
        switch json {
        case .null: self = .none
        case .bool(let value): self = .boolean(value)
        case .integer(let value): self = .integer(Int(value))
        case .number(let value): self = .float(value)
        case .string(let value): self = .text(Text(value, trusted: trusted))
        case .array(let elements):
            self = .list(ListValue(unchecked: elements.map { Value($0, trusted: trusted) }))
        case .object(let members):
            var entries: OrderedDictionary<Key, Value> = [:]
            entries.reserveCapacity(members.count)
            for (key, value) in members {
                entries[Key(Text(key, trusted: trusted))] = Value(value, trusted: trusted)
            }
            self = .dictionary(DictionaryValue(unchecked: entries))
        }
    }
}
