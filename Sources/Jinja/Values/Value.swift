/// A value while a template is rendered: Python's types, as far as templates see them. Lists and mappings never change,
/// since Jinja's immutable sandbox forbids it; so they are shared freely.
enum Value {
    case undefined(UndefinedValue)
    case none
    case boolean(Bool)
    case integer(Int)
    case float(Double)
    case text(Text)
    case list(ListValue)
    case tuple(ListValue)
    case dictionary(DictionaryValue)
    /// `keys()`, `values()` and `items()` of a mapping.
    case view(DictionaryView)
    case range(RangeValue)
    /// What can be walked through once: the result of lazy filters.
    case iterator(IteratorValue)
    /// Functions, macros, namespaces, `loop`.
    case object(any TemplateObject)

    /// The name of Python's type.
    var typeName: String {
        switch self {
        case .undefined: "Undefined"
        case .none: "NoneType"
        case .boolean: "bool"
        case .integer: "int"
        case .float: "float"
        case .text(let text): text.isMarkup ? "Markup" : "str"
        case .list: "list"
        case .tuple: "tuple"
        case .dictionary: "dict"
        case .view(let view): view.kind.rawValue
        case .range: "range"
        case .iterator(let iterator): iterator.typeName
        case .object(let object): object.typeName
        }
    }

    /// How messages about missing attributes name the value.
    var objectName: String {
        if case .none = self { return "None" }
        return typeName + " object"
    }

    /// How many containers are inside one another, itself included. Walks over values recurse once a level, and so does
    /// releasing them.
    var depth: Int {
        switch self {
        case .list(let list), .tuple(let list): list.depth
        case .dictionary(let dictionary): dictionary.depth
        case .view(let view): view.dictionary.depth + 1
        case .iterator(let iterator): iterator.depth
        case .object(let object): object.depth
        default: 0
        }
    }

    static func text(_ string: String) -> Value { .text(Text(string)) }

    /// A tuple of two, as `items()` gives.
    static func pair(_ first: Value, _ second: Value) -> Value {
        .tuple(ListValue(unchecked: [first, second]))
    }

    var isUndefined: Bool {
        if case .undefined = self { return true }
        return false
    }
}

/// Something that is not there. It prints as nothing and counts as false; other uses fail with its message.
final class UndefinedValue {
    private let hint: String?
    private let owner: String?
    private let name: String
    private let isElement: Bool
    let kind: JinjaError.Kind

    /// A variable that nothing defines.
    init(variable name: String) {
        (hint, owner, self.name, isElement, kind) = (nil, nil, name, false, .undefined)
    }

    /// An attribute or a key that a value lacks.
    init(attribute name: String, of value: Value) {
        (hint, owner, self.name, isElement, kind) = (nil, value.objectName, name, false, .undefined)
    }

    /// An element that a value lacks; the name is the index as Python writes it.
    init(element name: String, of value: Value) {
        (hint, owner, self.name, isElement, kind) = (nil, value.objectName, name, true, .undefined)
    }

    init(hint: String, kind: JinjaError.Kind = .undefined) {
        (self.hint, owner, name, isElement, self.kind) = (hint, nil, "", false, kind)
    }

    var message: String {
        if let hint { return hint }
        guard let owner else { return "'\(name)' is undefined" }
        return isElement ? "\(owner) has no element \(name)" : "'\(owner)' has no attribute '\(name)'"
    }

    var error: JinjaError { JinjaError(kind, message) }
}

/// Things with behaviour. Each class says what it can do.
protocol TemplateObject: AnyObject {
    var typeName: String { get }
    /// See `Value.depth`.
    var depth: Int { get }
    var isCallable: Bool { get }
    /// What printing gives.
    var representation: String { get }
    func attribute(_ name: String, _ interpreter: Interpreter) throws(JinjaError) -> Value?
    func call(_ arguments: Arguments, _ interpreter: Interpreter) throws(JinjaError) -> Value
}

extension TemplateObject {
    var depth: Int { 0 }
    var isCallable: Bool { true }
    var representation: String { "<\(typeName) object>" }

    func attribute(_ name: String, _ interpreter: Interpreter) throws(JinjaError) -> Value? { nil }

    func call(_ arguments: Arguments, _ interpreter: Interpreter) throws(JinjaError) -> Value {
        throw JinjaError(.value, "'\(typeName)' object is not callable")
    }
}
