/// Tests, as in `value is defined`.
enum Tests {
    typealias Test = @Sendable (Interpreter, Value, Arguments) throws(JinjaError) -> Bool

    static let table: [String: Test] = types.merging(comparisons) { $1 }.merging(others) { $1 }

    private static let types: [String: Test] = [
        "defined": { _, value, _ throws(JinjaError) in !value.isUndefined },
        "undefined": { _, value, _ throws(JinjaError) in value.isUndefined },
        "none": { _, value, _ throws(JinjaError) in if case .none = value { true } else { false } },
        "boolean": { _, value, _ throws(JinjaError) in if case .boolean = value { true } else { false } },
        "true": { _, value, _ throws(JinjaError) in if case .boolean(true) = value { true } else { false } },
        "false": { _, value, _ throws(JinjaError) in if case .boolean(false) = value { true } else { false } },
        "integer": { _, value, _ throws(JinjaError) in if case .integer = value { true } else { false } },
        "float": { _, value, _ throws(JinjaError) in if case .float = value { true } else { false } },
        "number": { _, value, _ throws(JinjaError) in value.number != nil },
        "string": { _, value, _ throws(JinjaError) in if case .text = value { true } else { false } },
        "mapping": { _, value, _ throws(JinjaError) in if case .dictionary = value { true } else { false } },
        "iterable": { _, value, _ throws(JinjaError) in isIterable(value) },
        "callable": { _, value, _ throws(JinjaError) in
            switch value {
            case .undefined: true
            case .object(let object): object.isCallable
            default: false
            }
        },
        "sequence": { _, value, _ throws(JinjaError) in
            switch value {
            case .undefined, .text, .list, .tuple, .dictionary, .range: true
            default: false
            }
        },
        "escaped": { _, value, _ throws(JinjaError) in if case .text(let text) = value { text.isMarkup } else { false }
        },
    ]

    static func isIterable(_ value: Value) -> Bool {
        switch value {
        case .none, .boolean, .integer, .float: false
        case .object(let object): object is LoopObject
        default: true
        }
    }

    private static let comparisons: [String: Test] = [
        "==": compare(.equal), "eq": compare(.equal), "equalto": compare(.equal), "!=": compare(.notEqual),
        "ne": compare(.notEqual), ">": compare(.greater), "gt": compare(.greater), "greaterthan": compare(.greater),
        ">=": compare(.greaterOrEqual), "ge": compare(.greaterOrEqual), "<": compare(.less), "lt": compare(.less),
        "lessthan": compare(.less), "<=": compare(.lessOrEqual), "le": compare(.lessOrEqual),
        "in": compare(.contained),
    ]

    private static func compare(_ operation: ComparisonOperator) -> Test {
        { interpreter, value, arguments throws(JinjaError) in
            let other = try arguments.bound(to: operation.rawValue, ["other"], required: 1)[0] ?? .none
            return try interpreter.compare(value, operation, other)
        }
    }

    private static let others: [String: Test] = [
        "odd": { interpreter, value, _ throws(JinjaError) in
            try remainder(value, .integer(2), interpreter).equals(.integer(1))
        },
        "even": { interpreter, value, _ throws(JinjaError) in
            try remainder(value, .integer(2), interpreter).equals(.integer(0))
        },
        "divisibleby": { interpreter, value, arguments throws(JinjaError) in
            let number = try arguments.bound(to: "divisibleby", ["num"], required: 1)[0] ?? .none
            return try remainder(value, number, interpreter).equals(.integer(0))
        },
        "lower": { _, value, _ throws(JinjaError) in value.printed().isLowercase },
        "upper": { _, value, _ throws(JinjaError) in value.printed().isUppercase },
        "sameas": { _, value, arguments throws(JinjaError) in
            value.isSame(as: try arguments.bound(to: "sameas", ["other"], required: 1)[0] ?? .none)
        },
        "filter": { _, value, _ throws(JinjaError) in
            if case .text(let text) = value { Filters.table[text.string] != nil } else { false }
        },
        "test": { _, value, _ throws(JinjaError) in
            if case .text(let text) = value { table[text.string] != nil } else { false }
        },
    ]

    private static func remainder(
        _ value: Value, _ divisor: Value, _ interpreter: Interpreter
    ) throws(JinjaError) -> Value {
        try interpreter.calculate(value, .modulo, divisor)
    }
}
