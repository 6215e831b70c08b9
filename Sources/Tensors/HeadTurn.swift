internal import CKernels

/// What queries or keys go through before attention: the norm of each head, where the family has one, and the turn by
/// their token's position. Done head by head, by the thread that needs the head next.
public struct HeadTurn {
    // The table is a constant of the program.
    private let operations: UnsafePointer<ck_vector_kernels>
    private let turn: ck_head_turn

    init(
        _ operations: UnsafePointer<ck_vector_kernels>, norm: UnsafePointer<Float>?, epsilon: Float,
        headDimension: Int, turns: borrowing RotaryTurns
    ) {
        let table = turns.table
        precondition(
            table.dimension <= headDimension, "\(table.dimension) rotary elements in a head of \(headDimension).")
        self.operations = operations
        turn = ck_head_turn(
            norm: norm, epsilon: epsilon, head_dimension: headDimension,
            are_neighbours: table.style == .interleaved, dimension: table.dimension, turns: turns[0],
            turn_stride: table.turnFloats)
    }

    /// Works in place on `count` heads, which lie one after the other, of each of the tokens that are `rows` of the batch,
    /// `stride` floats apart; `heads` are those of the first one.
    public func apply(to heads: UnsafeMutablePointer<Float>, count: Int, rows: Range<Int>, stride: Int) {
        var turn = turn
        turn.turns += rows.lowerBound * turn.turn_stride
        operations.pointee.turn_heads(&turn, heads, count, rows.count, stride)
    }
}
