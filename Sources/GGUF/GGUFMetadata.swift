/// A file's metadata: keys in the file's order, values by key, typed getters.
///
/// The getters answer nil both where a key is absent and where its value is of another type; `required…` ones tell the
/// two apart in their error.
public struct GGUFMetadata: Sendable {
    /// The file's path or name, for errors.
    let path: String

    /// The keys in the file's order.
    public private(set) var keys: [String] = []

    private var values: [String: MetadataValue] = [:]

    init(path: String) {
        self.path = path
    }

    /// The value of a key.
    public subscript(key: String) -> MetadataValue? {
        values[key]
    }

    /// The text of a key; bytes that are no UTF-8 come out as U+FFFD.
    public func string(_ key: String) -> String? {
        values[key]?.stringValue
    }

    /// The whole number of a key, whatever its width in the file.
    public func integer(_ key: String) -> Int? {
        values[key]?.integerValue
    }

    /// The number of a key: a float of either width, or a whole number.
    public func float(_ key: String) -> Float? {
        values[key]?.doubleValue.map { Float($0) }
    }

    /// The truth value of a key.
    public func bool(_ key: String) -> Bool? {
        values[key]?.boolValue
    }

    /// The strings of a key, in place.
    public func strings(_ key: String) -> MetadataStrings? {
        values[key]?.arrayValue?.strings
    }

    /// The floats of a key, copied.
    public func floats(_ key: String) -> [Float]? {
        values[key]?.arrayValue?.floats
    }

    /// The whole numbers of a key, copied.
    public func integers(_ key: String) -> [Int]? {
        values[key]?.arrayValue?.integers
    }

    /// The text of a key that a model must have.
    public func requiredString(_ key: String) throws(GGUFError) -> String {
        guard let value = string(key) else { throw missing(key, wanted: "a string") }
        return value
    }

    /// The whole number of a key that a model must have.
    public func requiredInteger(_ key: String) throws(GGUFError) -> Int {
        guard let value = integer(key) else { throw missing(key, wanted: "a whole number") }
        return value
    }

    /// The number of a key that a model must have.
    public func requiredFloat(_ key: String) throws(GGUFError) -> Float {
        guard let value = float(key) else { throw missing(key, wanted: "a number") }
        return value
    }

    /// Adds a value; false if the key is there already.
    mutating func append(_ value: MetadataValue, for key: String) -> Bool {
        guard values.updateValue(value, forKey: key) == nil else { return false }
        keys.append(key)
        return true
    }

    private func missing(_ key: String, wanted: String) -> GGUFError {
        let found = values[key].map { "is of type \($0.type) where \(wanted) is needed" } ?? "is missing"
        return GGUFError(
            code: .missingValue, path: path, field: "metadata '\(key)'", problem: found,
            advice: GGUFError.convertAgain)
    }
}
