/// One sequence's part of a batch: new tokens that follow what its blocks already hold.
public struct AttentionSequence {
    /// Bases of the sequence's blocks, from position 0 on, the ones for the new tokens included.
    public var blocks: [UnsafeMutableRawPointer]
    /// Position of the first new token: how many tokens the blocks hold before.
    public var firstPosition: Int
    /// New tokens. Their rows follow one another in the batch, and the sequences' rows in the order of the sequences.
    public var count: Int

    /// A sequence's part of a batch; traps unless the blocks have room for all its tokens.
    public init(blocks: [UnsafeMutableRawPointer], firstPosition: Int, count: Int) {
        precondition(firstPosition >= 0 && count > 0, "A sequence in a batch has at least one new token.")
        precondition(
            blocks.count >= KVBlockLayout.blocks(for: firstPosition + count),
            "\(blocks.count) KV blocks are too few for \(firstPosition + count) tokens.")
        self.blocks = blocks
        self.firstPosition = firstPosition
        self.count = count
    }
}
