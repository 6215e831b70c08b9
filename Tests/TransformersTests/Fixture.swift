import GGUF
import Tensors
import TestModels
import Transformers

/// A tiny model with everything that runs it.
struct Fixture {
    let model: TransformerModel
    let context: ForwardContext
    let cache: KVCache

    init(_ tiny: TinyModel, threads: Int = 2, cacheBlocks: Int = 64, rows: Int = 128) throws {
        try self.init(tiny.builder(), threads: threads, cacheBlocks: cacheBlocks, rows: rows)
    }

    init(_ builder: GGUFBuilder, threads: Int = 2, cacheBlocks: Int = 64, rows: Int = 128) throws {
        try self.init(Self.open(builder), threads: threads, cacheBlocks: cacheBlocks, rows: rows)
    }

    init(_ file: GGUFFile, threads: Int = 2, cacheBlocks: Int = 64, rows: Int = 128) throws {
        model = try TransformerModel(file)
        context = try ForwardContext(
            for: model, pool: ThreadPool(threads: threads), level: KernelLevel.chosen(), maximumRows: rows,
            maximumLogitRows: rows)
        let layout = model.hyperparameters.cacheLayout
        cache = try KVCache(layout: layout, limitBytes: cacheBlocks * layout.blockBytes)
    }

    /// The built file in memory that is never freed, as an embedded model's is.
    static func open(_ builder: GGUFBuilder) throws -> GGUFFile {
        let built = builder.build()
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: built.count, alignment: 64)
        memory.copyBytes(from: built)
        return try GGUFFile(bytes: UnsafeRawBufferPointer(memory), name: "tiny.gguf")
    }

    /// Tokens that follow from a seed.
    func tokens(_ count: Int, seed: UInt64) -> [Int32] {
        var random = TestRandom(seed: seed)
        return (0..<count).map { _ in Int32(random.below(model.hyperparameters.vocabularySize)) }
    }

    /// Logits of every token, the prompt cut into chunks of that size.
    func logits(_ sequence: CachedSequence, _ tokens: [Int32], chunk: Int = 128) throws -> [[Float]] {
        var rows: [[Float]] = []
        for start in stride(from: 0, to: tokens.count, by: chunk) {
            let part = tokens[start..<min(tokens.count, start + chunk)]
            let logits = try model.forward(
                Batch([.init(sequence, part, logits: .all)]), cache: cache, in: context)
            rows += (0..<logits.count).map { Array(logits[$0]) }
        }
        return rows
    }
}
