public import OrderedCollections

extension JSON {
    /// The member with this key; nil when there is none, or when this is no object. A member that is `null` is `.null`.
    public subscript(_ key: String) -> JSON? { objectValue?[key] }

    /// The element at this index; nil when there is none, or when this is no array.
    public subscript(_ index: Int) -> JSON? {
        guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
        return elements[index]
    }

    /// Whether this is `null`.
    public var isNull: Bool { self == .null }

    /// The text of a string.
    public var stringValue: String? {
        guard case .string(let value) = self else { return nil }
        return value
    }

    /// The value of an integer, or of a number that is a whole number in range: some clients write `5.0` for `5`.
    public var integerValue: Int? {
        switch self {
        case .integer(let value): Int(exactly: value)
        // The least integer itself is read as an integer: as a double it stands for those below it, which do not fit.
        case .number(let value): value > -0x1p63 ? Int(exactly: value) : nil
        default: nil
        }
    }

    /// The value of a number or integer.
    public var doubleValue: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    /// The value of `true` or `false`.
    public var boolValue: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// The elements of an array.
    public var arrayValue: [JSON]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    /// The members of an object.
    public var objectValue: OrderedDictionary<String, JSON>? {
        guard case .object(let members) = self else { return nil }
        return members
    }

    /// What kind of value this is, for messages: "a string", "an object" ….
    public var kindName: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .integer: "an integer"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}
