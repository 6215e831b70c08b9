public import OrderedCollections

/// A member of an object that is not what its reader needs.
public struct JSONFieldError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The member, with the way to it: `messages[2].content`.
    public var field: String
    /// What was found and what would be right, without the field's name.
    public var problem: String

    /// An error about one member; a long way to it is shortened, since the names on it may be the client's own.
    public init(field: String, problem: String) {
        self.field = field.shortened(to: Self.longestField)
        self.problem = problem
    }

    /// The field and its problem. Of one that is missing the words are those that clients know: `model is required`.
    public var description: String { problem == Self.missing ? "\(field) \(problem)" : "\(field): \(problem)" }

    /// `messages[1000].tool_calls[10].function.arguments` has 48 characters; none of a request of ours has twice as many.
    private static let longestField = 100

    /// The problem of a member that must be there and is not.
    public static let missing = "is required"
}

/// Reads the members of an object one by one, each of the type it must have. A member that is `null` counts as absent,
/// because many clients write `null` for "unset"; one of the wrong type is an error that names it.
public struct JSONObjectReader: Sendable {
    /// The members, in their order.
    public let members: OrderedDictionary<String, JSON>
    /// The way to this object, empty at the top: `messages[2]`.
    public let path: String

    /// Reads an object.
    ///
    /// - Throws: if the value is no object.
    public init(_ value: JSON, path: String = "") throws(JSONFieldError) {
        guard case .object(let members) = value else {
            throw JSONFieldError(
                field: path.isEmpty ? "body" : path, problem: "must be an object, not \(value.kindName)")
        }
        self.members = members
        self.path = path
    }

    /// The full name of a member, for messages.
    public func name(of key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    /// An error about a member.
    public func error(_ key: String, _ problem: String) -> JSONFieldError {
        JSONFieldError(field: name(of: key), problem: problem)
    }

    /// Any value; nil where it is absent or `null`.
    public func value(_ key: String) -> JSON? {
        guard let value = members[key], !value.isNull else { return nil }
        return value
    }

    /// A string.
    public func string(_ key: String) throws(JSONFieldError) -> String? {
        try typed(key, "a string", \.stringValue)
    }

    /// `true` or `false`.
    public func bool(_ key: String) throws(JSONFieldError) -> Bool? {
        try typed(key, "a boolean", \.boolValue)
    }

    /// A whole number in a range; `5.0` is one, too.
    public func integer(_ key: String, in range: ClosedRange<Int> = .min ... .max) throws(JSONFieldError) -> Int? {
        guard let number = try typed(key, "an integer", \.integerValue) else { return nil }
        guard range.contains(number) else { throw error(key, "is \(number); it must be \(Self.text(of: range))") }
        return number
    }

    /// A finite number.
    public func number(_ key: String) throws(JSONFieldError) -> Double? {
        guard let number = try typed(key, "a number", \.doubleValue) else { return nil }
        guard number.isFinite else { throw error(key, "must be a finite number") }
        return number
    }

    /// The elements of an array.
    public func array(_ key: String) throws(JSONFieldError) -> [JSON]? {
        try typed(key, "an array", \.arrayValue)
    }

    /// A string, or an array of at most `limit` strings; empty ones count for nothing.
    public func strings(_ key: String, atMost limit: Int) throws(JSONFieldError) -> [String] {
        guard let value = value(key) else { return [] }
        if let single = value.stringValue { return single.isEmpty ? [] : [single] }
        guard let elements = value.arrayValue else {
            throw error(key, "must be a string or an array of strings, not \(value.kindName)")
        }
        guard elements.count <= limit else {
            throw error(key, "has \(elements.count) strings; at most \(limit) are taken")
        }
        var strings: [String] = []
        for (index, element) in elements.enumerated() {
            guard let text = element.stringValue else {
                throw error("\(key)[\(index)]", "must be a string, not \(element.kindName)")
            }
            if !text.isEmpty { strings.append(text) }
        }
        return strings
    }

    /// A nested object.
    public func object(_ key: String) throws(JSONFieldError) -> JSONObjectReader? {
        guard let value = value(key) else { return nil }
        return try JSONObjectReader(value, path: name(of: key))
    }

    /// The elements of an array of objects, each with its way to it.
    public func objects(_ key: String) throws(JSONFieldError) -> [JSONObjectReader]? {
        guard let elements = try array(key) else { return nil }
        var readers: [JSONObjectReader] = []
        for (index, element) in elements.enumerated() {
            readers.append(try JSONObjectReader(element, path: "\(name(of: key))[\(index)]"))
        }
        return readers
    }

    /// A member that must be there.
    public func required<Value>(_ key: String, _ value: Value?) throws(JSONFieldError) -> Value {
        guard let value else { throw error(key, JSONFieldError.missing) }
        return value
    }

    private func typed<Value>(
        _ key: String, _ kind: String, _ read: (JSON) -> Value?
    ) throws(JSONFieldError) -> Value? {
        guard let value = value(key) else { return nil }
        guard let result = read(value) else { throw error(key, "must be \(kind), not \(value.kindName)") }
        return result
    }

    private static func text(of range: ClosedRange<Int>) -> String {
        switch (range.lowerBound, range.upperBound) {
        case (let low, .max): "at least \(low)"
        case (.min, let high): "at most \(high)"
        case (let low, let high): "from \(low) to \(high)"
        }
    }
}

extension JSON {
    /// The same object with a member more; the same value where the member is nil, or where this is no object.
    public func adding(_ key: String, _ value: JSON?) -> JSON {
        guard let value, case .object(var members) = self else { return self }
        members[key] = value
        return .object(members)
    }
}
