import OrderedCollections

/// Functions that every template has.
enum Globals {
    struct Function: Sendable {
        let name: String
        let body: BuiltinFunction.Body

        var value: Value { .object(BuiltinFunction(name, body)) }
    }

    static let table: [String: Function] = Dictionary(
        uniqueKeysWithValues: [
            Function(name: "raise_exception", body: raiseException),
            Function(name: "strftime_now", body: formatNow),
            Function(name: "range", body: range),
            Function(name: "dict", body: dictionary),
            Function(name: "namespace", body: namespace),
            Function(name: "cycler", body: cycler),
            Function(name: "joiner", body: joiner),
        ].map { ($0.name, $0) })

    @Sendable private static func raiseException(
        _ interpreter: Interpreter, _ arguments: Arguments
    ) throws(JinjaError) -> Value {
        let message = try arguments.bound(to: "raise_exception", ["message"], required: 1)[0] ?? .none
        throw JinjaError(.raised, message.printed().string)
    }

    @Sendable private static func formatNow(
        _ interpreter: Interpreter, _ arguments: Arguments
    ) throws(JinjaError) -> Value {
        let format = try arguments.bound(to: "strftime_now", ["format"], required: 1)[0] ?? .none
        let text = try format.requireText("strftime_now")
        let result = DateFormat.format(text.string, interpreter.environment.now())
        return .text(try interpreter.checked(Text(result, trusted: text.isTrusted)))
    }

    @Sendable private static func range(
        _ interpreter: Interpreter, _ arguments: Arguments
    ) throws(JinjaError) -> Value {
        var bounds: [Int] = []
        for argument in arguments.positional { bounds.append(try argument.requireInteger()) }
        guard arguments.keywords.isEmpty else { throw JinjaError(.value, "range() takes no keyword arguments") }
        guard (1...3).contains(bounds.count) else {
            throw JinjaError(.value, "range expected 1 to 3 arguments, got \(bounds.count)")
        }
        let (start, stop) = bounds.count == 1 ? (0, bounds[0]) : (bounds[0], bounds[1])
        let step = bounds.count == 3 ? bounds[2] : 1
        guard step != 0 else { throw JinjaError(.value, "range() arg 3 must not be zero") }
        // Differences of integers need one bit more than they have.
        let distance = step > 0 ? Double(stop) - Double(start) : Double(start) - Double(stop)
        let limit = interpreter.limits.rangeElements
        guard distance / Double(step.magnitude) < Double(limit) + 2 else { throw tooLong(limit) }
        let (span, overflow) =
            step > 0
            ? stop.subtractingReportingOverflow(start) : start.subtractingReportingOverflow(stop)
        guard !overflow else {
            if distance <= 0 { return .range(RangeValue(start: start, stop: stop, step: step, count: 0)) }
            throw tooLong(limit)
        }
        let magnitude = Int(min(step.magnitude, UInt(Int.max)))
        let count = span > 0 ? (span - 1) / magnitude + 1 : 0
        guard count <= limit else { throw tooLong(limit) }
        return .range(RangeValue(start: start, stop: stop, step: step, count: count))
    }

    private static func tooLong(_ limit: Int) -> JinjaError {
        JinjaError(
            .limit, "Range too big. The sandbox blocks ranges larger than MAX_RANGE (\(limit)).")
    }

    /// The arguments of `dict` and `namespace`: a mapping or pairs, then keywords.
    private static func entries(
        _ function: String, _ interpreter: Interpreter, _ arguments: Arguments
    ) throws(JinjaError) -> OrderedDictionary<Key, Value> {
        var entries: OrderedDictionary<Key, Value> = [:]
        guard arguments.positional.count <= 1 else {
            throw JinjaError(.value, "\(function) expected at most 1 argument, got \(arguments.positional.count)")
        }
        switch arguments.positional.first {
        case nil: break
        case .dictionary(let dictionary)?: entries = dictionary.entries
        case let other?:
            for pair in try interpreter.elements(of: other) {
                let parts = try interpreter.elements(of: pair)
                guard parts.count == 2 else {
                    throw JinjaError(.value, "\(function) needs pairs, got \(parts.count) elements")
                }
                entries[try Key(parts[0])] = parts[1]
            }
        }
        for (name, value) in arguments.keywords { entries[Key(Text(name))] = value }
        return entries
    }

    @Sendable private static func dictionary(
        _ interpreter: Interpreter, _ arguments: Arguments
    ) throws(JinjaError) -> Value {
        .dictionary(try interpreter.makeDictionary(try entries("dict", interpreter, arguments)))
    }

    @Sendable private static func namespace(
        _ interpreter: Interpreter, _ arguments: Arguments
    ) throws(JinjaError) -> Value {
        var attributes: [String: Value] = [:]
        for (key, value) in try entries("namespace", interpreter, arguments) {
            guard case .text(let text) = key.value else { continue }
            try NamespaceObject.check(text.string)
            attributes[text.string] = value
        }
        let namespace = NamespaceObject(attributes)
        interpreter.register(namespace)
        return .object(namespace)
    }

    @Sendable private static func cycler(
        _ interpreter: Interpreter, _ arguments: Arguments
    ) throws(JinjaError) -> Value {
        guard !arguments.positional.isEmpty else { throw JinjaError(.value, "at least one item has to be provided") }
        return .object(CyclerObject(try interpreter.makeList(arguments.positional)))
    }

    @Sendable private static func joiner(
        _ interpreter: Interpreter, _ arguments: Arguments
    ) throws(JinjaError) -> Value {
        let separator = try arguments.bound(to: "joiner", ["sep"])[0] ?? .text(", ")
        return .object(JoinerObject(try separator.requireText("joiner")))
    }
}
