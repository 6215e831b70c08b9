/// Runs a program. One interpreter renders once, on one thread.
///
/// `position` is where the template is at; an operation that fails is placed there. `steps` and `depth` hold the limits.
final class Interpreter {
    let program: Program
    let environment: TemplateEnvironment
    let limits: TemplateLimits
    private let context: [String: Value]
    private var literals: [Text?]
    var position = Position.nowhere
    var output = TextBuilder()
    var activation: Activation
    private var steps = 0
    private var depth = 0
    private let stack = StackGuard()
    /// What may refer to itself, to be taken apart at the end.
    private var captured: [Activation] = []
    private var namespaces: [NamespaceObject] = []

    init(_ program: Program, _ context: [String: Value], _ environment: TemplateEnvironment) {
        self.program = program
        self.context = context
        self.environment = environment
        limits = environment.limits
        literals = Array(repeating: nil, count: program.texts.count)
        activation = Activation(slots: program.rootSlots, parent: nil)
        capture(activation)
    }

    func renderTemplate() throws(JinjaError) -> Text {
        try enter(program.rootLoads)
        _ = try execute(program.statements)
        return output.text()
    }

    func tearDown() {
        for activation in captured { activation.clear() }
        for namespace in namespaces { namespace.clear() }
    }

    // MARK: Limits

    /// Counts work: one for an expression, a statement or an element.
    func charge(_ amount: Int = 1) throws(JinjaError) {
        steps += amount
        if steps > limits.steps {
            throw JinjaError(.limit, "the template takes more than \(limits.steps) steps")
        }
    }

    /// Counts the work of copying text.
    func charge(bytes: Int) throws(JinjaError) { try charge(bytes >> 4) }

    /// Counts the work of looking at each character of a text, which is several times that of copying it.
    func charge(scanning text: Text) throws(JinjaError) { try charge(text.count >> 2) }

    /// Counts one more evaluation inside the others. Every call is followed by one of `descend()` when it is done.
    func ascend() throws(JinjaError) {
        depth += 1
        steps += 1
        if depth > limits.depth || stack.used > limits.stackBytes {
            throw JinjaError(.limit, "the template calls itself too deeply; \(depth) levels are in evaluation")
        }
        if steps > limits.steps {
            throw JinjaError(.limit, "the template takes more than \(limits.steps) steps")
        }
    }

    func descend() { depth -= 1 }

    /// Text, when it is not too long.
    func checked(_ text: Text) throws(JinjaError) -> Text {
        try charge(bytes: text.count)
        try check(bytes: text.count)
        return text
    }

    func check(bytes: Int) throws(JinjaError) {
        if bytes > limits.textBytes {
            throw JinjaError(.limit, "the text grows beyond \(limits.textBytes) bytes")
        }
    }

    func makeList(_ elements: [Value], fields: [String] = []) throws(JinjaError) -> ListValue {
        try charge(elements.count)
        let list = ListValue(unchecked: elements, fields: fields)
        try check(depth: list.depth)
        return list
    }

    func check(depth: Int) throws(JinjaError) {
        if depth > limits.valueDepth {
            throw JinjaError(.limit, "values are nested more than \(limits.valueDepth) deep")
        }
    }

    // MARK: Variables

    func literal(_ index: Int) -> Text {
        if let text = literals[index] { return text }
        let text = Text(bytes: program.texts[index], trusted: true)
        literals[index] = text
        return text
    }

    /// Sets the variables of a scope that is entered.
    func enter(_ loads: [Load]) throws(JinjaError) {
        if loads.isEmpty { return }
        try charge(loads.count)
        for load in loads {
            switch load.action {
            case .resolve(let name): activation.slots[load.slot] = context[name] ?? Globals.table[name]?.value
            case .alias(let reference): activation.slots[load.slot] = slot(reference)
            case .undefined: activation.slots[load.slot] = nil
            }
        }
    }

    func leave(_ loads: [Load]) { for load in loads { activation.slots[load.slot] = nil } }

    private func slot(_ reference: Reference) -> Value? {
        var activation = activation
        for _ in 0..<reference.hops {
            guard let parent = activation.parent else { return nil }
            activation = parent
        }
        return activation.slots[reference.slot]
    }

    func value(of node: NameNode) -> Value {
        slot(program.references[node.identifier]) ?? .undefined(UndefinedValue(variable: node.name))
    }

    func isSet(_ node: NameNode) -> Bool { slot(program.references[node.identifier]) != nil }

    func set(_ node: NameNode, _ value: Value) {
        // A scope writes only variables of its own, and those are in the activation at hand.
        activation.slots[program.references[node.identifier].slot] = value
    }

    func capture(_ activation: Activation) {
        if activation.isCaptured { return }
        activation.isCaptured = true
        captured.append(activation)
    }

    func register(_ namespace: NamespaceObject) { namespaces.append(namespace) }

    // MARK: Output

    /// Runs a body with an output of its own, and returns what it wrote.
    func capturing<Result>(
        _ body: () throws(JinjaError) -> Result
    ) throws(JinjaError) -> (text: Text, result: Result) {
        let outer = output
        output = TextBuilder()
        defer { output = outer }
        let result = try body()
        return (output.text(), result)
    }

    func write(_ text: Text) throws(JinjaError) {
        try charge(bytes: text.count)
        try check(bytes: output.count + text.count)
        output.append(text)
    }
}

/// The variables of one run of the template, a macro or a recursive loop.
final class Activation {
    var slots: [Value?]
    let parent: Activation?
    /// Whether a macro refers to it, so that it may be part of a circle.
    var isCaptured = false

    init(slots: Int, parent: Activation?) {
        self.slots = Array(repeating: nil, count: slots)
        self.parent = parent
    }

    func clear() { slots = [] }
}
