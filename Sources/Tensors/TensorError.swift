/// What can be wrong with weights or with the choice of kernels.
public enum TensorError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A row does not hold a whole number of the type's blocks.
    case partialBlock(type: WeightType, columns: Int)
    /// Fewer bytes than the shape needs, or a shape whose size overflows (`needed` nil).
    case tooFewBytes(type: WeightType, rows: Int, columns: Int, needed: Int?, found: Int)
    /// A matrix without rows or columns.
    case emptyMatrix(rows: Int, columns: Int)
    /// CONIFER_KERNELS holds a word that names no level.
    case unknownKernelLevel(String)
    /// The level asked for cannot run here.
    case unsupportedKernelLevel(KernelLevel)

    /// What was found and what to do.
    public var description: String {
        switch self {
        case .partialBlock(let type, let columns):
            return "A \(type) matrix needs rows of a multiple of \(type.blockElements) elements, but has \(columns)."
        case .tooFewBytes(let type, let rows, let columns, .some(let needed), let found):
            return "A \(type) matrix of \(rows) rows of \(columns) needs \(needed) bytes, but has \(found)."
        case .tooFewBytes(let type, let rows, let columns, nil, _):
            return "A \(type) matrix of \(rows) rows of \(columns) is larger than the address space."
        case .emptyMatrix(let rows, let columns):
            return "A matrix of \(rows) rows of \(columns) holds nothing."
        case .unknownKernelLevel(let word):
            let known = KernelLevel.allCases.map(\.rawValue).joined(separator: ", ")
            return "CONIFER_KERNELS=\(word) names no kernel level; choose one of \(known) or unset it."
        case .unsupportedKernelLevel(let level):
            let usable = KernelLevel.allCases.filter(\.isSupported).map(\.rawValue).joined(separator: ", ")
            return "This machine cannot run \(level.rawValue) kernels; it can run \(usable)."
        }
    }
}
