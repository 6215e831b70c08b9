import OrderedCollections

/// A method of a text, list, mapping or number, together with the value.
final class BoundMethod: TemplateObject {
    let receiver: Value
    let name: String

    init(_ receiver: Value, _ name: String) {
        self.receiver = receiver
        self.name = name
    }

    var typeName: String { "builtin_function_or_method" }
    var depth: Int { receiver.depth + 1 }
    var representation: String { "<built-in method \(name) of \(receiver.typeName) object>" }

    func call(_ arguments: Arguments, _ interpreter: Interpreter) throws(JinjaError) -> Value {
        try interpreter.check(depth: depth)
        switch receiver {
        case .text(let text):
            try interpreter.charge(scanning: text)
            if let method = TextMethods.table[name] { return try method(interpreter, text, arguments) }
        case .dictionary(let dictionary):
            if let method = DictionaryMethods.table[name] { return try method(interpreter, dictionary, arguments) }
        case .list(let list), .tuple(let list):
            if let method = ListMethods.table[name] { return try method(interpreter, receiver, list, arguments) }
        default:
            if let result = try NumberMethods.call(name, receiver, arguments) { return result }
        }
        throw JinjaError(.value, "'\(receiver.typeName)' object has no method '\(name)'")
    }
}

/// A function of the language.
final class BuiltinFunction: TemplateObject {
    typealias Body = @Sendable (Interpreter, Arguments) throws(JinjaError) -> Value

    let name: String
    private let body: Body

    init(_ name: String, _ body: @escaping Body) {
        self.name = name
        self.body = body
    }

    var typeName: String { "function" }
    var representation: String { "<function \(name)>" }

    func call(_ arguments: Arguments, _ interpreter: Interpreter) throws(JinjaError) -> Value {
        try body(interpreter, arguments)
    }
}

/// `namespace(…)`: the one thing that a template can change.
final class NamespaceObject: TemplateObject {
    private var attributes: [String: Value]

    init(_ attributes: [String: Value]) { self.attributes = attributes }

    var typeName: String { "Namespace" }
    var isCallable: Bool { false }
    var representation: String { "<Namespace>" }

    func attribute(_ name: String, _ interpreter: Interpreter) throws(JinjaError) -> Value? { attributes[name] }

    func set(_ name: String, _ value: Value) throws(JinjaError) {
        try Self.check(name)
        attributes[name] = value
    }

    func clear() { attributes = [:] }

    static func check(_ name: String) throws(JinjaError) {
        guard !name.hasPrefix("_") else {
            throw JinjaError(
                .security,
                "Chat templates cannot store underscore-prefixed attributes on a namespace, but got '\(name)'."
                    + " Please rename the attribute.")
        }
    }
}

/// `cycler(…)`: gives its values in turn.
final class CyclerObject: TemplateObject {
    private let items: [Value]
    private var position = 0
    let depth: Int

    init(_ items: ListValue) {
        self.items = items.elements
        depth = items.depth
    }

    var typeName: String { "Cycler" }
    var isCallable: Bool { false }

    func attribute(_ name: String, _ interpreter: Interpreter) throws(JinjaError) -> Value? {
        switch name {
        case "current": return items[position]
        case "next", "reset": return .object(CyclerMethod(self, name))
        default: return nil
        }
    }

    fileprivate func next() -> Value {
        defer { position = (position + 1) % items.count }
        return items[position]
    }

    fileprivate func reset() { position = 0 }
}

private final class CyclerMethod: TemplateObject {
    private let cycler: CyclerObject
    private let name: String

    init(_ cycler: CyclerObject, _ name: String) {
        self.cycler = cycler
        self.name = name
    }

    var typeName: String { "method" }
    var depth: Int { cycler.depth + 1 }

    func call(_ arguments: Arguments, _ interpreter: Interpreter) throws(JinjaError) -> Value {
        if name == "next" { return cycler.next() }
        cycler.reset()
        return .none
    }
}

/// `joiner(separator)`: nothing on the first call, the separator on every other.
final class JoinerObject: TemplateObject {
    private let separator: Text
    private var isUsed = false

    init(_ separator: Text) { self.separator = separator }

    var typeName: String { "Joiner" }

    func call(_ arguments: Arguments, _ interpreter: Interpreter) throws(JinjaError) -> Value {
        defer { isUsed = true }
        return .text(isUsed ? separator : Text(""))
    }
}
