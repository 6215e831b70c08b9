internal import GGUF
internal import Tensors

/// Finds a model's tensors in its file, checks type and shape, and points to their bytes in the map.
struct TensorLoader {
    let file: GGUFFile
    private var used: Set<String> = []

    init(_ file: GGUFFile) { self.file = file }

    /// A matrix, in place.
    mutating func matrix(_ name: String, rows: Int, columns: Int) throws(ModelError) -> WeightMatrix {
        let tensor = try find(name, dimensions: [columns, rows])
        guard let type = WeightType(tensor.type) else {
            throw error(
                .unsupportedTensorType, name, "is of type \(tensor.type.name)",
                "these types run here: \(WeightType.supportedNames)")
        }
        do throws(TensorError) {
            return try WeightMatrix(type: type, rows: rows, columns: columns, bytes: file.bytes(of: tensor))
        } catch {
            throw self.error(.wrongShape, name, "\(error)", ModelError.convertAgain)
        }
    }

    /// A vector of floats: F32 in place, F16 and BF16 converted.
    mutating func vector(_ name: String, count: Int) throws(ModelError) -> WeightVector {
        let tensor = try find(name, dimensions: [count])
        let bytes = file.bytes(of: tensor)
        switch tensor.type {
        case .f32:
            guard let vector = WeightVector(floatsAt: bytes) else {
                return WeightVector((0..<count).map { bytes.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self) })
            }
            return vector
        case .f16:
            return WeightVector(
                (0..<count).map {
                    HalfPrecision.float(bytes.loadUnaligned(fromByteOffset: $0 * 2, as: UInt16.self))
                })
        case .bf16:
            return WeightVector(
                (0..<count).map {
                    Float(bitPattern: UInt32(bytes.loadUnaligned(fromByteOffset: $0 * 2, as: UInt16.self)) << 16)
                })
        default:
            throw error(
                .unsupportedTensorType, name, "is a vector of type \(tensor.type.name)",
                "vectors must be F32, F16 or BF16")
        }
    }

    mutating func optionalMatrix(_ name: String, rows: Int, columns: Int) throws(ModelError) -> WeightMatrix? {
        file.tensor(named: name) == nil ? nil : try matrix(name, rows: rows, columns: columns)
    }

    mutating func optionalVector(_ name: String, count: Int) throws(ModelError) -> WeightVector? {
        file.tensor(named: name) == nil ? nil : try vector(name, count: count)
    }

    /// Refuses a file with tensors that nothing asked for: what they would do is not computed.
    func refuseLeftovers(family: Family) throws(ModelError) {
        guard let extra = file.tensors.first(where: { !used.contains($0.name) && !Self.isIgnored($0.name) }) else {
            return
        }
        throw error(
            .unknownTensor, extra.name, "is not part of a \(family.rawValue) model as it runs here",
            "use another model, or a later conifer")
    }

    /// Frequencies that old converters wrote although they follow from the metadata.
    private static func isIgnored(_ name: String) -> Bool { name.hasSuffix(".attn_rot_embd.weight") }

    private mutating func find(_ name: String, dimensions: [Int]) throws(ModelError) -> TensorDescriptor {
        guard let tensor = file.tensor(named: name) else {
            throw error(.missingTensor, name, "is missing", ModelError.convertAgain)
        }
        used.insert(name)
        var found = tensor.dimensions
        while found.count > dimensions.count, found.last == 1 { found.removeLast() }
        guard found == dimensions else {
            throw error(
                .wrongShape, name, "has the shape \(tensor.dimensions) where \(dimensions) is expected",
                ModelError.convertAgain)
        }
        return tensor
    }

    private func error(_ code: ModelError.Code, _ name: String, _ problem: String, _ advice: String) -> ModelError {
        ModelError(code, path: file.name, field: "tensor '\(name)'", problem: problem, advice: advice)
    }
}

extension WeightType {
    /// The kernels' name of a file's type; nil where there are no kernels for it.
    init?(_ type: TensorType) {
        switch type {
        case .f32: self = .f32
        case .f16: self = .f16
        case .bf16: self = .bf16
        case .q8_0: self = .q8_0
        case .q4_0: self = .q4_0
        case .q4_K: self = .q4_K
        case .q5_K: self = .q5_K
        case .q6_K: self = .q6_K
        default: return nil
        }
    }

    /// The names, for messages.
    static var supportedNames: String {
        TensorType.allCases.filter { WeightType($0) != nil }.map(\.name).joined(separator: ", ")
    }
}
