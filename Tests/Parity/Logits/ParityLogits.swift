import Foundation
import GGUF
import Tensors
import TestModels
import Transformers

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

/// Writes logits of conifer's own engine, and tiny test models, for the Python scripts beside it.
///
///     parity-logits run MODEL.gguf TOKENS OUT [ROWS_PER_STEP]   TOKENS: int32; OUT: float32 [tokens, vocabulary]
///     parity-logits tiny FAMILY TYPE OUT.gguf                   the model that the test suite builds
@main
enum ParityLogits {
    static func main() throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        switch (arguments.first, arguments.count) {
        case ("run", 4...5):
            try run(arguments[1], arguments[2], arguments[3], rows: arguments.count == 5 ? Int(arguments[4]) : nil)
        case ("tiny", 4):
            try tiny(arguments[1], arguments[2], arguments[3])
        default:
            print("usage: parity-logits run MODEL TOKENS OUT [ROWS] | tiny FAMILY TYPE OUT")
            exit(2)
        }
    }

    private static func run(_ path: String, _ tokenPath: String, _ out: String, rows: Int?) throws {
        let bytes = try TemporaryFolder.read(tokenPath)
        let tokens = bytes.withUnsafeBytes { bytes in
            (0..<bytes.count / 4).map { bytes.loadUnaligned(fromByteOffset: $0 * 4, as: Int32.self) }
        }
        let model = try TransformerModel(GGUFFile(path: path))
        let rows = rows ?? 64
        let context = try ForwardContext(
            for: model, pool: ThreadPool(threads: ProcessInfo.processInfo.activeProcessorCount),
            level: KernelLevel.chosen(), maximumRows: rows, maximumLogitRows: rows)
        let cache = try KVCache(layout: model.hyperparameters.cacheLayout, limitBytes: 1 << 30)
        let sequence = cache.open(tokens)
        guard let file = fopen(out, "wb") else { throw SystemError(path: out) }
        defer { fclose(file) }
        for start in stride(from: 0, to: tokens.count, by: rows) {
            let chunk = tokens[start..<min(start + rows, tokens.count)]
            let logits = try model.forward(
                Batch([.init(sequence, chunk, logits: .all)]), cache: cache, in: context)
            for row in 0..<logits.count {
                guard fwrite(logits[row].baseAddress, 4, logits[row].count, file) == logits[row].count else {
                    throw SystemError(path: out)
                }
            }
        }
        print("kernels: \(context.level.rawValue)")
    }

    private static func tiny(_ family: String, _ type: String, _ out: String) throws {
        guard let family = TinyModel.Family(rawValue: family),
            let type = TensorType.allCases.first(where: { $0.name.lowercased() == type.lowercased() })
        else {
            print("unknown family or type")
            exit(2)
        }
        try TemporaryFolder.write(TinyModel(family, weights: type).bytes(), to: out)
    }
}

private struct SystemError: Error {
    let path: String
}
