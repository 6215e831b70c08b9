/// What a template may cost at most. Templates come with models from strangers, values from whoever sends requests.
public struct TemplateLimits: Sendable, Hashable {
    /// Bytes of a template's source. The longest published ones have some 20 KB.
    public var sourceBytes = 1 << 20
    /// Brackets and blocks inside one another in the source. The parser recurses once a level; a published template stays
    /// below 20.
    public var nesting = 64
    /// Levels of the tree of a template. What walks the tree recurses once a level.
    public var treeDepth = 200
    /// Expressions and statements in evaluation at once, through macros that call themselves. Python's own limit comes
    /// at about the same depth.
    public var depth = 1000
    /// Bytes of stack that parsing or rendering takes, whichever limit comes first. The smallest threads have 512 KiB, of
    /// which the callers have some.
    public var stackBytes = 288 << 10
    /// Bytes of the output, and of every text made on the way. A context window of a million tokens is 4 MB.
    public var textBytes = 32 << 20
    /// Steps: an expression, a statement, an element, 16 bytes of text copied or 4 bytes looked at is one. A chat of a thousand messages
    /// needs about a million; the limit is reached in a second or two.
    public var steps = 10_000_000
    /// Elements of a `range`; Jinja's sandbox has the same limit.
    public var rangeElements = 100_000
    /// Lists, mappings and iterators inside one another; parsed JSON has at most 128.
    public var valueDepth = 200

    /// The default limits.
    public init() {}
}
