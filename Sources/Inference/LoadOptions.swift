/// What the person who runs the server, or a command, may choose about a load.
public struct LoadOptions: Sendable, Hashable {
    /// The longest sequence in tokens; nil: the model's own, cut to what fits.
    public var contextLength: Int?
    /// Engine threads; nil: as many as there are physical cores.
    public var threads: Int?
    /// Turns that run at once; further ones wait.
    public var parallelTurns: Int
    /// The most memory the model may take, in bytes; nil: what the system leaves.
    public var memoryBudget: UInt64?

    /// Options; whatever is left out is chosen by the model and the machine.
    public init(
        contextLength: Int? = nil, threads: Int? = nil, parallelTurns: Int = 8, memoryBudget: UInt64? = nil
    ) {
        self.contextLength = contextLength
        self.threads = threads
        self.parallelTurns = parallelTurns
        self.memoryBudget = memoryBudget
    }
}
