internal import CKernels

/// What queries or keys go through before attention: the norm of each head, where the family has one, and the turn by
/// their token's position. Done head by head, by the thread that needs the head next.
public struct HeadTurn {
    private let operations: UnsafePointer<ck_vector_kernels>
    private let norm: UnsafePointer<Float>?
    private let epsilon: Float
    private let headDimension: Int
    private let rotate: @convention(c) (UnsafeMutablePointer<Float>?, UnsafePointer<Float>?, Int) -> Void
    private let dimension: Int
    private let first: UnsafePointer<Float>
    private let floatsOfRow: Int

    init(
        _ operations: UnsafePointer<ck_vector_kernels>, norm: UnsafePointer<Float>?, epsilon: Float,
        headDimension: Int, turns: borrowing RotaryTurns
    ) {
        precondition(
            turns.table.dimension <= headDimension,
            "\(turns.table.dimension) rotary elements in a head of \(headDimension).")
        self.operations = operations
        self.norm = norm
        self.epsilon = epsilon
        self.headDimension = headDimension
        rotate =
            switch turns.table.style {
            case .interleaved: operations.pointee.rotate_interleaved
            case .halves: operations.pointee.rotate_halves
            }
        dimension = turns.table.dimension
        first = turns[0]
        floatsOfRow = turns.table.turnFloats
    }

    /// Works on `count` heads of the token that is `row` of the batch, which lie one after the other, in place.
    public func apply(to heads: UnsafeMutablePointer<Float>, count: Int, row: Int) {
        for head in 0..<count {
            let values = heads + head * headDimension
            if norm != nil { operations.pointee.rms_norm(values, norm, headDimension, epsilon, values) }
            rotate(values, first + row * floatsOfRow, dimension)
        }
    }
}
