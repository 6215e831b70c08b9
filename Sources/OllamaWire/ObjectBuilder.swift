import OrderedCollections
import OrderedJSON

/// An object in the making: members in the order they are set, absent ones left out.
struct ObjectBuilder {
    private var members: OrderedDictionary<String, JSON> = [:]

    var json: JSON { .object(members) }

    subscript(key: String) -> JSON? {
        get { members[key] }
        set { members[key] = newValue }
    }

    /// A statistic: left out when it is zero.
    mutating func count(_ key: String, _ value: Int64) {
        if value != 0 { members[key] = .integer(value) }
    }
}
