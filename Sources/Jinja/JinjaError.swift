/// Why a template could not be parsed or rendered, and where in its source.
public struct JinjaError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The sort of failure; the names of Python's exceptions stand beside them.
    public enum Kind: Sendable, Hashable {
        /// The template is no valid Jinja (`TemplateSyntaxError`, `TemplateAssertionError`).
        case syntax
        /// The template itself refused its input with `raise_exception`; the message is the template's own.
        case raised
        /// Something undefined was used as if it were defined (`UndefinedError`).
        case undefined
        /// A value of the wrong type or size (`TypeError`, `ValueError`, `OverflowError`, `ZeroDivisionError` …).
        case value
        /// The sandbox forbids it (`SecurityError`).
        case security
        /// Any other failure while rendering (`TemplateRuntimeError`).
        case runtime
        /// A limit of `TemplateLimits` was reached.
        case limit
    }

    /// The sort of failure.
    public let kind: Kind
    /// What went wrong, without the place.
    public let message: String
    /// Line in the template, from 1; nil when it is not known.
    public internal(set) var line: Int?
    /// Column in the template, from 1, in Unicode scalars; nil when it is not known.
    public internal(set) var column: Int?

    init(_ kind: Kind, _ message: String, at position: Position? = nil) {
        self.kind = kind
        self.message = message
        if let position { place(at: position) }
    }

    /// The place and the message.
    public var description: String {
        guard let line, let column else { return "chat template: \(message)" }
        return "chat template, line \(line), column \(column): \(message)"
    }

    mutating func place(at position: Position) {
        guard line == nil, position.line > 0 else { return }
        line = Int(position.line)
        column = Int(position.column)
    }
}

/// A place in a template's source: line and column from 1; line 0 is nowhere.
struct Position: Sendable, Hashable {
    var line: Int32
    var column: Int32

    static let nowhere = Position(line: 0, column: 0)
}
