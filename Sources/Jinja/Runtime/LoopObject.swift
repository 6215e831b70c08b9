/// `loop`: where a loop is.
final class LoopObject: TemplateObject {
    /// How a recursive loop calls itself.
    struct Recursion {
        let node: LoopNode
        let outer: Activation
        let depth: Int
    }

    let typeName = "LoopContext"
    private var source: IteratorValue?
    private let recursion: Recursion?
    private var knownLength: Int?
    private var index0 = -1
    private var previous: Value?
    private var current: Value?
    /// The element after the current one, once it has been looked at; the inner nil means that there is none.
    private var following: Value??
    private var lastChanged: [Value]?

    init(_ source: IteratorValue, length: Int?, _ recursion: Recursion?) {
        self.source = source
        knownLength = length
        self.recursion = recursion
    }

    var isCallable: Bool { true }

    var representation: String { "<LoopContext \(index0 + 1)/\(knownLength ?? index0 + 1)>" }

    func advance() throws(JinjaError) -> Value? {
        let element: Value?
        if case .some(let known) = following, known != nil || source == nil {
            element = known
            following = nil
        } else {
            following = nil
            element = try source?.next()
        }
        guard let element else { return nil }
        index0 += 1
        previous = current
        current = element
        return element
    }

    /// The loop is over: nothing may hold on to its elements.
    func finish() {
        (source, previous, current, following, lastChanged) = (nil, nil, nil, nil, nil)
    }

    private func peek() throws(JinjaError) -> Value? {
        if case .some(let known) = following, known != nil { return known }
        let element = try source?.next()
        following = .some(element)
        return element
    }

    private func length(_ interpreter: Interpreter) throws(JinjaError) -> Int {
        if let knownLength { return knownLength }
        var rest: [Value] = []
        while let element = try source?.next() {
            try interpreter.charge()
            rest.append(element)
        }
        var isPeeked = 0
        if case .some(let known) = following, known != nil { isPeeked = 1 }
        let length = rest.count + index0 + 1 + isPeeked
        var position = 0
        source = IteratorValue(depth: source?.depth ?? 0) {
            guard position < rest.count else { return nil }
            defer { position += 1 }
            return rest[position]
        }
        knownLength = length
        return length
    }

    func attribute(_ name: String, _ interpreter: Interpreter) throws(JinjaError) -> Value? {
        switch name {
        case "index": return .integer(index0 + 1)
        case "index0": return .integer(index0)
        case "first": return .boolean(index0 == 0)
        case "last": return .boolean(try peek() == nil)
        case "length": return .integer(try length(interpreter))
        case "revindex": return .integer(try length(interpreter) - index0)
        case "revindex0": return .integer(try length(interpreter) - index0 - 1)
        case "depth": return .integer((recursion?.depth ?? 0) + 1)
        case "depth0": return .integer(recursion?.depth ?? 0)
        case "previtem":
            if index0 == 0 { return .undefined(UndefinedValue(hint: "there is no previous item")) }
            return previous ?? Value.none
        case "nextitem": return try peek() ?? .undefined(UndefinedValue(hint: "there is no next item"))
        case "cycle": return .object(LoopMethod(self, name))
        case "changed": return .object(LoopMethod(self, name))
        default: return nil
        }
    }

    fileprivate func cycle(_ values: [Value]) throws(JinjaError) -> Value {
        guard !values.isEmpty else { throw JinjaError(.value, "no items for cycling given") }
        return values[max(index0, 0) % values.count]
    }

    fileprivate func changed(_ values: [Value]) -> Bool {
        if let last = lastChanged, last.count == values.count, zip(last, values).allSatisfy({ $0.equals($1) }) {
            return false
        }
        lastChanged = values
        return true
    }

    func call(_ arguments: Arguments, _ interpreter: Interpreter) throws(JinjaError) -> Value {
        guard let recursion else {
            throw JinjaError(.value, "The loop must have the 'recursive' marker to be called recursively.")
        }
        guard let sequence = arguments.positional.first, arguments.positional.count == 1 else {
            throw JinjaError(.value, "loop() takes one argument, the sequence")
        }
        return .text(
            try interpreter.runRecursively(
                recursion.node, sequence, outer: recursion.outer, depth: recursion.depth + 1))
    }
}

/// `loop.cycle` and `loop.changed`.
private final class LoopMethod: TemplateObject {
    let typeName = "method"
    private let loop: LoopObject
    private let name: String

    init(_ loop: LoopObject, _ name: String) {
        self.loop = loop
        self.name = name
    }

    func call(_ arguments: Arguments, _ interpreter: Interpreter) throws(JinjaError) -> Value {
        name == "cycle" ? try loop.cycle(arguments.positional) : .boolean(loop.changed(arguments.positional))
    }
}
