import OrderedCollections

/// The elements of a list or tuple.
final class ListValue {
    let elements: [Value]
    let depth: Int
    /// Names of the elements, for what `groupby` gives.
    let fields: [String]

    /// Elements that are known not to nest deeply.
    init(unchecked elements: [Value], fields: [String] = []) {
        self.elements = elements
        self.fields = fields
        depth = 1 + (elements.lazy.map(\.depth).max() ?? 0)
    }
}

/// A mapping in the order of insertion.
final class DictionaryValue {
    let entries: OrderedDictionary<Key, Value>
    let depth: Int

    init(unchecked entries: OrderedDictionary<Key, Value>) {
        self.entries = entries
        var depth = 0
        for (key, value) in entries { depth = max(depth, max(key.value.depth, value.depth)) }
        self.depth = depth + 1
    }
}

/// `keys()`, `values()` or `items()`.
final class DictionaryView {
    enum Kind: String {
        case keys = "dict_keys"
        case values = "dict_values"
        case items = "dict_items"
    }

    let kind: Kind
    let dictionary: DictionaryValue

    init(_ kind: Kind, of dictionary: DictionaryValue) {
        self.kind = kind
        self.dictionary = dictionary
    }

    var elements: [Value] {
        switch kind {
        case .keys: dictionary.entries.keys.map(\.value)
        case .values: dictionary.entries.values.elements
        case .items: dictionary.entries.map { .pair($0.key.value, $0.value) }
        }
    }
}

/// `range(start, stop, step)`.
final class RangeValue {
    let start: Int
    let stop: Int
    let step: Int
    let count: Int

    init(start: Int, stop: Int, step: Int, count: Int) {
        (self.start, self.stop, self.step, self.count) = (start, stop, step, count)
    }

    /// The n-th element. The caller has checked the index.
    subscript(index: Int) -> Value { .integer(start &+ index &* step) }
}

/// What is walked through once, element by element.
final class IteratorValue {
    let typeName: String
    let depth: Int
    private let advance: () throws(JinjaError) -> Value?

    init(_ typeName: String = "generator", depth: Int, _ advance: @escaping () throws(JinjaError) -> Value?) {
        self.typeName = typeName
        self.depth = depth
        self.advance = advance
    }

    /// The next element; nil when there is none.
    func next() throws(JinjaError) -> Value? { try advance() }
}

/// A value that can be a key: equal and hashed as in Python, where `1`, `1.0` and `true` are the same key.
struct Key: Hashable {
    let value: Value

    init(_ text: Text) { value = .text(text) }

    /// - Throws: for lists and mappings.
    init(_ value: Value) throws(JinjaError) {
        guard Self.isHashable(value) else { throw JinjaError(.value, "unhashable type: '\(value.typeName)'") }
        self.value = value
    }

    private static func isHashable(_ value: Value) -> Bool {
        switch value {
        case .list, .dictionary: false
        case .view(let view): view.kind == .values
        case .tuple(let tuple): tuple.elements.allSatisfy(isHashable)
        default: true
        }
    }

    static func == (left: Key, right: Key) -> Bool { left.value.equals(right.value) }

    func hash(into hasher: inout Hasher) { Self.hash(value, into: &hasher) }

    private static func hash(_ value: Value, into hasher: inout Hasher) {
        switch value {
        case .boolean(let value): hasher.combine(value ? 1 : 0)
        case .integer(let value): hasher.combine(value)
        case .float(let value):
            if let whole = Int(exactly: value) { hasher.combine(whole) } else { hasher.combine(value) }
        case .text(let text): hasher.combine(text)
        case .tuple(let tuple): for element in tuple.elements { hash(element, into: &hasher) }
        default: break
        }
    }
}
