/// Measures how much stack has been used since it was made, on the same thread. What a level of recursion costs depends on
/// the compiler; what threads have does not.
struct StackGuard {
    private let start: Int

    init() { start = Self.address() }

    /// Bytes between here and where the guard was made. Stacks grow downwards on every platform there is.
    var used: Int { start - Self.address() }

    @inline(never) private static func address() -> Int {
        var marker: UInt8 = 0
        return withUnsafeMutablePointer(to: &marker) { Int(bitPattern: $0) }
    }
}
