public import GGUF
internal import Tensors

extension TransformerModel {
    /// The tensor types that there are kernels for.
    public static let tensorTypes = Set(TensorType.allCases.filter { WeightType($0) != nil })
}
