internal import CKernels

/// What a product multiplies, `[rows, width]`: floats in memory, or what has yet to be made of others.
///
/// Such a row is made by the thread that quantises it, right before it does, and need not be in memory at all. It has the
/// same bits wherever it is made.
public struct ActivationRows {
    /// Elements of a row.
    public let width: Int
    /// Where the rows lie, or would.
    let base: UnsafeMutablePointer<Float>
    private let origin: Origin

    // Tables of kernels are constants of the program.
    private enum Origin {
        case memory
        case normed(
            UnsafePointer<ck_vector_kernels>, UnsafeMutablePointer<Float>, adding: UnsafePointer<Float>?,
            weight: UnsafePointer<Float>?, epsilon: Float)
        case gated(UnsafePointer<ck_vector_kernels>, UnsafePointer<Float>, up: UnsafePointer<Float>)
    }

    /// Rows that are there.
    public init(_ rows: UnsafePointer<Float>, width: Int) {
        self.width = width
        base = UnsafeMutablePointer(mutating: rows)
        origin = .memory
    }

    init(
        _ kernels: UnsafePointer<ck_vector_kernels>, normed input: UnsafeMutablePointer<Float>,
        adding addend: UnsafePointer<Float>?, weight: UnsafePointer<Float>?, epsilon: Float, width: Int,
        base: UnsafeMutablePointer<Float>
    ) {
        self.width = width
        self.base = base
        origin = .normed(kernels, input, adding: addend, weight: weight, epsilon: epsilon)
    }

    init(
        _ kernels: UnsafePointer<ck_vector_kernels>, gate: UnsafePointer<Float>, up: UnsafePointer<Float>, width: Int,
        base: UnsafeMutablePointer<Float>
    ) {
        self.width = width
        self.base = base
        origin = .gated(kernels, gate, up: up)
    }

    /// Whether the rows are there already.
    var areInMemory: Bool { if case .memory = origin { true } else { false } }

    /// The elements of a row, which are made, once, if they are not there: in `scratch`, or where rows lie without one.
    public func row(_ row: Int, in scratch: UnsafeMutablePointer<Float>? = nil) -> UnsafePointer<Float> {
        let offset = row * width
        let place = scratch ?? base + offset
        switch origin {
        case .memory:
            return UnsafePointer(base + offset)
        case .normed(let kernels, let input, let addend, let weight, let epsilon):
            if let addend { kernels.pointee.add(input + offset, addend + offset, width) }
            kernels.pointee.rms_norm(input + offset, weight, width, epsilon, place)
        case .gated(let kernels, let gate, let up):
            kernels.pointee.silu_multiply(gate + offset, up + offset, width, place)
        }
        return UnsafePointer(place)
    }
}
