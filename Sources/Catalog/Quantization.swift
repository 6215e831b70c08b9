public import GGUF

/// The label that people know a file's quantisation by, such as `Q4_K_M`.
public enum Quantization {
    /// From `general.file_type`, else the name of the type that most bytes of matrices have.
    public static func label(of file: GGUFFile) -> String {
        if let number = file.metadata.integer(MetadataKey.fileType), let label = labels[number] { return label }
        var bytes: [TensorType: Int] = [:]
        for tensor in file.tensors where tensor.dimensions.count > 1 {
            bytes[tensor.type, default: 0] += tensor.byteCount
        }
        let dominant = bytes.max { ($0.value, $0.key.rawValue) < ($1.value, $1.key.rawValue) }
        return dominant?.key.name ?? file.tensors.first?.type.name ?? "unknown"
    }

    /// The numbers of `general.file_type`, as llama.cpp gives them out.
    private static let labels: [Int: String] = [
        0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 7: "Q8_0", 8: "Q5_0", 9: "Q5_1", 10: "Q2_K", 11: "Q3_K_S",
        12: "Q3_K_M", 13: "Q3_K_L", 14: "Q4_K_S", 15: "Q4_K_M", 16: "Q5_K_S", 17: "Q5_K_M", 18: "Q6_K",
        19: "IQ2_XXS", 20: "IQ2_XS", 21: "Q2_K_S", 22: "IQ3_XS", 23: "IQ3_XXS", 24: "IQ1_S", 25: "IQ4_NL",
        26: "IQ3_S", 27: "IQ3_M", 28: "IQ2_S", 29: "IQ2_M", 30: "IQ4_XS", 31: "IQ1_M", 32: "BF16", 36: "TQ1_0",
        37: "TQ2_0", 38: "MXFP4_MOE", 39: "NVFP4", 40: "Q1_0",
    ]
}
