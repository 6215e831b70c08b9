/// An expression of a template. Chains of operators of the same level and chains of suffixes are flat, so that only what
/// is nested in the source is nested here.
indirect enum Expression: Sendable {
    case constant(Constant)
    /// A string literal, by its place among the template's texts.
    case literal(Int)
    case name(NameNode)
    case list([Expression])
    case tuple([Expression])
    case dictionary([DictionaryEntry], Position)
    case conditional(ConditionalNode)
    /// `a and b and c`, or with `or`.
    case logical(isAnd: Bool, [Expression])
    case not(Expression)
    case comparison(ComparisonNode)
    case arithmetic(ArithmeticNode)
    case concatenation([Expression], Position)
    case sign(isMinus: Bool, Expression, Position)
    case suffixed(SuffixedNode)

    /// The word messages use for this expression, as Jinja's class of node in lower case.
    var kindName: String {
        switch self {
        case .constant, .literal: "const"
        case .name: "name"
        case .list: "list"
        case .tuple: "tuple"
        case .dictionary: "dict"
        case .conditional: "condexpr"
        case .logical(let isAnd, _): isAnd ? "and" : "or"
        case .not: "not"
        case .comparison: "compare"
        case .arithmetic: "binexpr"
        case .concatenation: "concat"
        case .sign: "neg"
        case .suffixed: "getattr"
        }
    }
}

/// A value that is written in the template.
enum Constant: Sendable {
    case none
    case boolean(Bool)
    case integer(Int)
    case float(Double)
}

/// A use of a variable. The resolver finds for each identifier of a use what it refers to.
struct NameNode: Sendable {
    let name: String
    let identifier: Int
    let position: Position
}

struct DictionaryEntry: Sendable {
    let key: Expression
    let value: Expression
}

struct ConditionalNode: Sendable {
    let test: Expression
    let then: Expression
    /// Nil gives something undefined.
    let otherwise: Expression?
    let position: Position
}

struct ComparisonNode: Sendable {
    struct Operand: Sendable {
        let operation: ComparisonOperator
        let expression: Expression
        let position: Position
    }

    let first: Expression
    let operands: [Operand]
}

enum ComparisonOperator: String, Sendable {
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case contained = "in"
    case notContained = "not in"
}

/// `first op operand op operand …`, from left to right.
struct ArithmeticNode: Sendable {
    struct Operand: Sendable {
        let operation: ArithmeticOperator
        let expression: Expression
        let position: Position
    }

    let first: Expression
    let operands: [Operand]
}

enum ArithmeticOperator: String, Sendable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case floorDivide = "//"
    case modulo = "%"
    case power = "** or pow()"
}

/// An expression with what follows it: `.name`, `[index]`, `(arguments)`, `| filter`, `is test`.
struct SuffixedNode: Sendable {
    let base: Expression
    let suffixes: [Suffix]
}

enum Suffix: Sendable {
    /// The name, and its place among the template's texts.
    case attribute(String, Int, Position)
    case item(Expression, Position)
    case slice(lower: Expression?, upper: Expression?, step: Expression?, Position)
    case call(CallNode)
    case filter(FilterNode)
    case test(FilterNode, isNegated: Bool)
}

/// Arguments in parentheses.
struct CallNode: Sendable {
    struct Keyword: Sendable {
        let name: String
        let value: Expression
    }

    var positional: [Expression] = []
    var keywords: [Keyword] = []
    /// `*values`.
    var spread: Expression?
    /// `**values`.
    var keywordSpread: Expression?
    var position: Position
}

/// A filter or a test with its arguments.
struct FilterNode: Sendable {
    let name: String
    let arguments: CallNode
    let position: Position
}
