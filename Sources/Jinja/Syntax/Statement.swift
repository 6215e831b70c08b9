/// A statement of a template.
indirect enum Statement: Sendable {
    /// Template data, by its place among the template's texts.
    case data(Int)
    /// `{{ expression }}`.
    case print(Expression, Position)
    case loop(LoopNode)
    case condition(ConditionNode)
    case assignment(Target, Expression, Position)
    case blockAssignment(BlockNode, Target)
    case macro(MacroNode)
    /// `{% call %}`: the body becomes the macro `caller` of a call.
    case call(MacroNode, SuffixedNode)
    case filterBlock(BlockNode)
    case with(WithNode)
    /// `{% generation %}`: what the assistant says, marked for training; rendered as it is.
    case generation(MacroNode)
    case breakLoop(Position)
    case continueLoop(Position)
}

struct LoopNode: Sendable {
    let target: Target
    /// The same target for the test, which runs ahead of the body and has variables of its own.
    let testTarget: Target?
    let sequence: Expression
    let test: Expression?
    let isRecursive: Bool
    let body: [Statement]
    let otherwise: [Statement]
    let identifier: Int
    let position: Position
}

struct ConditionNode: Sendable {
    struct Branch: Sendable {
        let test: Expression
        let body: [Statement]
        let position: Position
    }

    let branches: [Branch]
    let otherwise: [Statement]
}

/// A body whose output is captured and filtered.
struct BlockNode: Sendable {
    let filters: [FilterNode]
    let body: [Statement]
    let identifier: Int
    let position: Position
}

struct MacroNode: Sendable {
    struct Parameter: Sendable {
        let name: NameNode
        let defaultValue: Expression?
    }

    /// The name; nil for the body of a call block.
    let name: NameNode?
    let parameters: [Parameter]
    let body: [Statement]
    let identifier: Int
    let position: Position
}

struct WithNode: Sendable {
    let targets: [Target]
    let values: [Expression]
    let body: [Statement]
    let identifier: Int
}

/// What can be assigned to.
indirect enum Target: Sendable {
    case name(NameNode)
    case tuple([Target], Position)
    /// An attribute of a namespace.
    case attribute(NameNode, String)
}
