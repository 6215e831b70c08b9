import OrderedCollections

/// What values have inside: attributes, elements, slices. As Jinja's sandbox gives them.
extension Interpreter {
    /// `value.name`: an attribute, or else the element of that key.
    func attribute(_ name: String, _ literal: Int, of value: Value) throws(JinjaError) -> Value {
        if let attribute = try ownAttribute(name, of: value) { return attribute }
        if case .dictionary(let dictionary) = value, let element = dictionary.entries[Key(self.literal(literal))] {
            return element
        }
        return .undefined(UndefinedValue(attribute: name, of: value))
    }

    /// `value[index]`: an element, or else the attribute of that name.
    func item(_ index: Value, of value: Value) throws(JinjaError) -> Value {
        if let element = try element(index, of: value) { return element }
        guard case .text(let text) = index else {
            let name = index.isUndefined ? Text("Undefined") : index.represented()
            return .undefined(UndefinedValue(element: try checked(name).string, of: value))
        }
        let name = text.string
        if let attribute = try ownAttribute(name, of: value) { return attribute }
        return .undefined(UndefinedValue(attribute: name, of: value))
    }

    /// An attribute of the value's type. Methods that would change the value, and all that begins with an underscore,
    /// give something undefined whose use is refused.
    private func ownAttribute(_ name: String, of value: Value) throws(JinjaError) -> Value? {
        switch value {
        case .undefined(let undefined): throw undefined.error
        case .text(let text):
            if TextMethods.table[name] != nil { return .object(BoundMethod(value, name)) }
            if name == "__html__", text.isMarkup { return nil }
        case .dictionary:
            if DictionaryMethods.table[name] != nil { return .object(BoundMethod(value, name)) }
            if DictionaryMethods.mutating.contains(name) { return refused(name, value) }
        case .list:
            if ListMethods.table[name] != nil { return .object(BoundMethod(value, name)) }
            if ListMethods.mutating.contains(name) { return refused(name, value) }
        case .tuple(let tuple):
            if let index = tuple.fields.firstIndex(of: name) { return tuple.elements[index] }
            if ListMethods.table[name] != nil, name != "copy" { return .object(BoundMethod(value, name)) }
        case .integer, .boolean, .float:
            if let attribute = NumberMethods.attribute(name, of: value) { return attribute }
        case .object(let object):
            if let attribute = try object.attribute(name, self) { return attribute }
        case .range(let range):
            switch name {
            case "start": return .integer(range.start)
            case "stop": return .integer(range.stop)
            case "step": return .integer(range.step)
            default: break
            }
        case .none, .view, .iterator: break
        }
        return Self.internalNames.contains(name) ? refused(name, value) : nil
    }

    private func refused(_ name: String, _ value: Value) -> Value {
        .undefined(
            UndefinedValue(
                hint: "access to attribute '\(name)' of '\(value.typeName)' object is unsafe.", kind: .security))
    }

    /// Names that every object in Python has.
    private static let internalNames: Set<String> = [
        "__class__", "__delattr__", "__dir__", "__doc__", "__eq__", "__format__", "__ge__", "__getattribute__",
        "__getstate__", "__gt__", "__hash__", "__init__", "__init_subclass__", "__le__", "__lt__", "__ne__", "__new__",
        "__reduce__", "__reduce_ex__", "__repr__", "__setattr__", "__sizeof__", "__str__", "__subclasshook__",
    ]

    /// `value[index]` in Python; nil where Python raises a TypeError or a LookupError.
    func element(_ index: Value, of value: Value) throws(JinjaError) -> Value? {
        switch value {
        case .undefined(let undefined): throw undefined.error
        case .dictionary(let dictionary):
            do throws(JinjaError) { return dictionary.entries[try Key(index)] } catch { return nil }
        case .list(let list), .tuple(let list):
            guard let position = Self.resolve(index, list.elements.count) else { return nil }
            return list.elements[position]
        case .text(let text):
            try charge(bytes: text.isKnownASCII ? 0 : text.count)
            guard let position = Self.resolve(index, text.scalarCount) else { return nil }
            return .text(text.slice(scalars: position..<position + 1))
        case .range(let range):
            guard let position = Self.resolve(index, range.count) else { return nil }
            return range[position]
        default: return nil
        }
    }

    /// The place of an element, for an index that counts from the end when it is negative.
    private static func resolve(_ index: Value, _ count: Int) -> Int? {
        guard let integer = index.integer else { return nil }
        let (position, overflow) = integer < 0 ? integer.addingReportingOverflow(count) : (integer, false)
        return !overflow && position >= 0 && position < count ? position : nil
    }

    // MARK: Slices

    func slice(_ value: Value, lower: Int?, upper: Int?, step: Int?) throws(JinjaError) -> Value {
        if case .undefined(let undefined) = value { throw undefined.error }
        guard step != 0 else { throw JinjaError(.value, "slice step cannot be zero") }
        let step = step ?? 1
        switch value {
        case .text(let text):
            try charge(bytes: text.count)
            let indices = Self.indices(lower, upper, step, count: text.scalarCount)
            if step == 1 {
                return .text(text.slice(scalars: indices.start..<indices.start + indices.count))
            }
            return .text(try pick(indices, step, from: text))
        case .list(let list): return .list(try pick(lower, upper, step, from: list))
        case .tuple(let list): return .tuple(try pick(lower, upper, step, from: list))
        case .range(let range):
            let indices = Self.indices(lower, upper, step, count: range.count)
            let start = range.start &+ indices.start &* range.step
            let newStep = range.step.multipliedReportingOverflow(by: step)
            guard !newStep.overflow else { throw Arithmetic.overflow }
            let stop = start &+ indices.count &* newStep.partialValue
            return .range(RangeValue(start: start, stop: stop, step: newStep.partialValue, count: indices.count))
        case .dictionary: throw JinjaError(.value, "unhashable type: 'slice'")
        default: throw JinjaError(.value, "'\(value.typeName)' object is not subscriptable")
        }
    }

    private func pick(_ lower: Int?, _ upper: Int?, _ step: Int, from list: ListValue) throws(JinjaError) -> ListValue {
        let (start, count) = Self.indices(lower, upper, step, count: list.elements.count)
        if step == 1 { return try makeList(Array(list.elements[start..<start + count])) }
        return try makeList((0..<count).map { list.elements[start + $0 * step] })
    }

    private func pick(_ indices: (start: Int, count: Int), _ step: Int, from text: Text) throws(JinjaError) -> Text {
        try charge(text.count)
        let characters = text.characters
        let builder = TextBuilder()
        for index in 0..<indices.count { builder.append(characters[indices.start + index * step]) }
        return builder.text(isMarkup: text.isMarkup)
    }

    /// Where a slice starts, and how many elements it has. `start + n * step` stays within bounds.
    static func indices(_ lower: Int?, _ upper: Int?, _ step: Int, count: Int) -> (start: Int, count: Int) {
        func clamp(_ bound: Int, _ low: Int, _ high: Int) -> Int {
            let position = bound < 0 ? max(bound, -count - 1) + count : bound
            return min(max(position, low), high)
        }
        if step > 0 {
            let start = lower.map { clamp($0, 0, count) } ?? 0
            let stop = upper.map { clamp($0, 0, count) } ?? count
            return (start, stop > start ? (stop - start - 1) / step + 1 : 0)
        }
        let start = lower.map { clamp($0, -1, count - 1) } ?? count - 1
        let stop = upper.map { clamp($0, -1, count - 1) } ?? -1
        guard start > stop else { return (max(start, 0), 0) }
        let magnitude = Int(min(step.magnitude, UInt(Int.max)))
        return (start, (start - stop - 1) / magnitude + 1)
    }
}

extension Interpreter {
    /// `value.name`, for a name that is made at run time.
    func attribute(named name: Text, of value: Value) throws(JinjaError) -> Value {
        if let attribute = try ownAttribute(name.string, of: value) { return attribute }
        if case .dictionary(let dictionary) = value, let element = dictionary.entries[Key(name)] { return element }
        return .undefined(UndefinedValue(attribute: name.string, of: value))
    }

    /// An attribute that is no element, for the filter `attr`.
    func attributeOnly(_ name: Text, of value: Value) throws(JinjaError) -> Value {
        try ownAttribute(name.string, of: value) ?? .undefined(UndefinedValue(attribute: name.string, of: value))
    }
}
