import OrderedCollections

/// Truth, equality and order as in Python.
extension Value {
    var isTrue: Bool {
        switch self {
        case .undefined, .none: false
        case .boolean(let value): value
        case .integer(let value): value != 0
        case .float(let value): value != 0
        case .text(let text): !text.isEmpty
        case .list(let list), .tuple(let list): !list.elements.isEmpty
        case .dictionary(let dictionary): !dictionary.entries.isEmpty
        case .view(let view): !view.dictionary.entries.isEmpty
        case .range(let range): range.count > 0
        case .iterator, .object: true
        }
    }

    func equals(_ other: Value) -> Bool {
        switch (self, other) {
        case (.undefined, .undefined), (.none, .none): return true
        case (.text(let left), .text(let right)): return left == right
        case (.list(let left), .list(let right)), (.tuple(let left), .tuple(let right)):
            return left === right || Self.equal(left.elements, right.elements)
        case (.dictionary(let left), .dictionary(let right)):
            if left === right { return true }
            guard left.entries.count == right.entries.count else { return false }
            return left.entries.allSatisfy { key, value in right.entries[key].map { value.equals($0) } ?? false }
        case (.view(let left), .view(let right)):
            return left.kind == right.kind && left.dictionary === right.dictionary
        case (.range(let left), .range(let right)):
            return left.count == right.count
                && (left.count == 0 || (left.start == right.start && (left.count == 1 || left.step == right.step)))
        case (.iterator(let left), .iterator(let right)): return left === right
        case (.object(let left), .object(let right)): return left === right
        default: return numericOrder(other) == .equal
        }
    }

    private static func equal(_ left: [Value], _ right: [Value]) -> Bool {
        left.count == right.count && zip(left, right).allSatisfy { $0.equals($1) }
    }

    /// Whether two values are one object, for `is sameas`.
    func isSame(as other: Value) -> Bool {
        switch (self, other) {
        case (.none, .none): true
        case (.boolean(let left), .boolean(let right)): left == right
        case (.integer(let left), .integer(let right)): left == right
        case (.undefined(let left), .undefined(let right)): left === right
        case (.text(let left), .text(let right)): left.storage === right.storage && left == right
        case (.list(let left), .list(let right)), (.tuple(let left), .tuple(let right)): left === right
        case (.dictionary(let left), .dictionary(let right)): left === right
        case (.range(let left), .range(let right)): left === right
        case (.iterator(let left), .iterator(let right)): left === right
        case (.object(let left), .object(let right)): left === right
        default: false
        }
    }

    enum Order { case less, equal, greater, unordered }

    /// The order of two numbers; nil when one of them is none.
    private func numericOrder(_ other: Value) -> Order? {
        switch (self.number, other.number) {
        case (.integer(let left)?, .integer(let right)?): left < right ? .less : left == right ? .equal : .greater
        case (.float(let left)?, .float(let right)?): Self.order(left, right)
        case (.integer(let left)?, .float(let right)?): Self.order(left, right)
        case (.float(let left)?, .integer(let right)?): Self.order(right, left).reversed
        default: nil
        }
    }

    private static func order(_ left: Double, _ right: Double) -> Order {
        left < right ? .less : left == right ? .equal : left > right ? .greater : .unordered
    }

    /// Exact where the integer is beyond the whole numbers that doubles can hold.
    private static func order(_ left: Int, _ right: Double) -> Order {
        if right.isNaN { return .unordered }
        if right >= 0x1p63 { return .less }
        if right < -0x1p63 { return .greater }
        let whole = Int(right.rounded(.down))
        if left != whole { return left < whole ? .less : .greater }
        return right == right.rounded(.down) ? .equal : .less
    }

    /// The order of two values of a kind that has one.
    ///
    /// - Throws: as Python does for values that have none; the operator is for the message.
    func order(_ other: Value, _ operation: String) throws(JinjaError) -> Order {
        switch (self, other) {
        case (.undefined(let undefined), _), (_, .undefined(let undefined)): throw undefined.error
        case (.text(let left), .text(let right)): return left < right ? .less : left == right ? .equal : .greater
        case (.list(let left), .list(let right)), (.tuple(let left), .tuple(let right)):
            for (left, right) in zip(left.elements, right.elements) where !left.equals(right) {
                return try left.order(right, operation)
            }
            let (left, right) = (left.elements.count, right.elements.count)
            return left < right ? .less : left == right ? .equal : .greater
        default:
            if let order = numericOrder(other) { return order }
            throw JinjaError(
                .value,
                "'\(operation)' not supported between instances of '\(typeName)' and '\(other.typeName)'")
        }
    }
}

extension Value.Order {
    var reversed: Value.Order {
        switch self {
        case .less: .greater
        case .greater: .less
        default: self
        }
    }
}
