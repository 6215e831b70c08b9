/// The cosines and sines of a batch's positions: computed once per batch, used by every layer and head.
public struct RotaryTurns: ~Copyable {
    /// What they were computed from.
    public let table: RotaryTable
    /// Rows: one per token of the batch.
    public private(set) var count = 0
    private var memory = FloatBuffer()

    /// No turns yet.
    public init(table: RotaryTable) { self.table = table }

    /// Computes the turns of these positions, in this order.
    public mutating func update(positions: some Collection<Int>, pool: ThreadPool) {
        let positions = Array(positions)
        count = positions.count
        memory.reserve(count * table.turnFloats)
        let (base, table) = (memory.base, table)
        let chunk = 16
        pool.run(chunks: (count + chunk - 1) / chunk) { number, _ in
            for row in number * chunk..<min(positions.count, (number + 1) * chunk) {
                table.write(turnsAt: positions[row], to: base + row * table.turnFloats)
            }
        }
    }

    /// Row of a token: `[cosines, signed sines]`, each `[table.dimension]`.
    public subscript(row: Int) -> UnsafePointer<Float> {
        precondition((0..<count).contains(row))
        return UnsafePointer(memory.base + row * table.turnFloats)
    }
}
