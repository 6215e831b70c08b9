public import GGUF

/// A model of a real family's shape with random weights and a tiny vocabulary: loads in a moment, says nonsense.
///
/// ```swift
/// let folder = try TemporaryFolder()
/// let path = try TinyModel(.qwen3, weights: .q8_0).write(into: folder)
/// let file = try GGUFFile(path: path)
/// ```
public struct TinyModel: Sendable {
    /// The families that there are builders for.
    public enum Family: String, CaseIterable, Sendable {
        case llama
        case qwen2
        case qwen3
    }

    /// The family.
    public var family: Family

    /// The type of all matrices; norms and biases are F32.
    public var weights: TensorType

    /// The same seed gives the same bytes.
    public var seed: UInt64 = 1

    /// Layers.
    public var layers = 2

    /// Width of the residual stream. 256-element types need a multiple of 256.
    public var embedding: Int

    /// Width inside the feed-forward part.
    public var feedForward: Int

    /// Query heads.
    public var heads = 4

    /// Key and value heads.
    public var keyValueHeads = 2

    /// Width of a head.
    public var headDimension: Int

    /// Tokens that the model claims to read.
    public var contextLength = 512

    /// Whether the embedding serves as the output matrix.
    public var tiedEmbeddings = true

    /// Deviation of the weights: larger ones give a peaked distribution.
    public var deviation: Float = 0.08

    /// A model with sizes that suit the weights' type.
    public init(_ family: Family, weights: TensorType = .f32, seed: UInt64 = 1) {
        self.family = family
        self.weights = weights
        self.seed = seed
        let wide = weights.blockSize == 256
        embedding = wide ? 256 : 64
        feedForward = wide ? 512 : 128
        headDimension = wide ? 64 : 16
    }

    /// The file before it is written, to be changed at will.
    public func builder() -> GGUFBuilder {
        var builder = GGUFBuilder()
        setHyperparameters(&builder)
        setTokenizer(&builder)
        var random = TestRandom(seed: seed)
        matrix(&builder, TensorName.tokenEmbedding, rows: TinyVocabulary.pieces.count, columns: embedding, &random)
        norm(&builder, TensorName.outputNorm, embedding, &random)
        if !tiedEmbeddings {
            matrix(&builder, TensorName.output, rows: TinyVocabulary.pieces.count, columns: embedding, &random)
        }
        for layer in 0..<layers { addLayer(layer, &builder, &random) }
        return builder
    }

    /// The file's bytes.
    public func bytes() -> [UInt8] {
        builder().build()
    }

    /// Writes the file into a folder and gives its path.
    public func write(into folder: TemporaryFolder, as name: String? = nil) throws -> String {
        try folder.write(bytes(), as: name ?? "tiny-\(family.rawValue)-\(weights.name.lowercased()).gguf")
    }

    private func setHyperparameters(_ builder: inout GGUFBuilder) {
        let family = family.rawValue
        builder.set(MetadataKey.architecture, .string(family))
        builder.set(MetadataKey.name, .string("Tiny \(family) (random weights)"))
        builder.set(MetadataKey.blockCount(family), .uint32(UInt32(layers)))
        builder.set(MetadataKey.contextLength(family), .uint32(UInt32(contextLength)))
        builder.set(MetadataKey.embeddingLength(family), .uint32(UInt32(embedding)))
        builder.set(MetadataKey.feedForwardLength(family), .uint32(UInt32(feedForward)))
        builder.set(MetadataKey.headCount(family), .uint32(UInt32(heads)))
        builder.set(MetadataKey.keyValueHeadCount(family), .uint32(UInt32(keyValueHeads)))
        builder.set(MetadataKey.keyLength(family), .uint32(UInt32(headDimension)))
        builder.set(MetadataKey.valueLength(family), .uint32(UInt32(headDimension)))
        builder.set(MetadataKey.rmsEpsilon(family), .float32(1e-6))
        builder.set(MetadataKey.ropeFrequencyBase(family), .float32(10_000))
        builder.set(MetadataKey.vocabularySize(family), .uint32(UInt32(TinyVocabulary.pieces.count)))
        if self.family == .llama {
            builder.set(MetadataKey.ropeDimensionCount(family), .uint32(UInt32(headDimension)))
        }
        let fileTypes: [TensorType: UInt32] = [
            .f32: 0, .f16: 1, .q4_0: 2, .q8_0: 7, .q4_K: 14, .q5_K: 16, .q6_K: 18, .bf16: 32,
        ]
        if let fileType = fileTypes[weights] { builder.set(MetadataKey.fileType, .uint32(fileType)) }
    }

    private func setTokenizer(_ builder: inout GGUFBuilder) {
        builder.set(MetadataKey.tokenizerModel, .string("gpt2"))
        builder.set(MetadataKey.preTokenizer, .string(family == .llama ? "llama-bpe" : "qwen2"))
        builder.set(MetadataKey.tokens, .strings(TinyVocabulary.pieces))
        builder.set(MetadataKey.tokenTypes, .integers(TinyVocabulary.kinds))
        builder.set(MetadataKey.merges, .strings(TinyVocabulary.merges))
        builder.set(MetadataKey.endOfSequence, .uint32(UInt32(TinyVocabulary.turnEnd)))
        builder.set(MetadataKey.paddingToken, .uint32(UInt32(TinyVocabulary.endOfText)))
        builder.set(MetadataKey.beginningOfSequence, .uint32(UInt32(TinyVocabulary.endOfText)))
        builder.set(MetadataKey.addsBeginningOfSequence, .bool(false))
        builder.set(MetadataKey.chatTemplate, .string(TinyVocabulary.chatTemplate))
    }

    private func addLayer(_ layer: Int, _ builder: inout GGUFBuilder, _ random: inout TestRandom) {
        let name = { (tensor: TensorName.BlockTensor) in TensorName.block(layer, tensor) }
        let query = heads * headDimension
        let keyValue = keyValueHeads * headDimension
        norm(&builder, name(.attentionNorm), embedding, &random)
        norm(&builder, name(.feedForwardNorm), embedding, &random)
        matrix(&builder, name(.attentionQuery), rows: query, columns: embedding, &random)
        matrix(&builder, name(.attentionKey), rows: keyValue, columns: embedding, &random)
        matrix(&builder, name(.attentionValue), rows: keyValue, columns: embedding, &random)
        matrix(&builder, name(.attentionOutput), rows: embedding, columns: query, &random)
        matrix(&builder, name(.feedForwardGate), rows: feedForward, columns: embedding, &random)
        matrix(&builder, name(.feedForwardUp), rows: feedForward, columns: embedding, &random)
        matrix(&builder, name(.feedForwardDown), rows: embedding, columns: feedForward, &random)
        if family == .qwen3 {
            norm(&builder, name(.attentionQueryNorm), headDimension, &random)
            norm(&builder, name(.attentionKeyNorm), headDimension, &random)
        }
        if family == .qwen2 {
            for (tensor, size) in [
                (TensorName.BlockTensor.attentionQuery, query), (.attentionKey, keyValue), (.attentionValue, keyValue),
            ] {
                vector(&builder, TensorName.block(layer, tensor, .bias), size, mean: 0, deviation: 0.1, &random)
            }
        }
    }

    private func matrix(
        _ builder: inout GGUFBuilder, _ name: String, rows: Int, columns: Int, _ random: inout TestRandom
    ) {
        let values = (0..<rows * columns).map { _ in random.normal() * deviation }
        builder.addTensor(
            name, type: weights, dimensions: [columns, rows],
            bytes: WeightEncoder.encode(values, as: weights, random: &random))
    }

    private func norm(_ builder: inout GGUFBuilder, _ name: String, _ size: Int, _ random: inout TestRandom) {
        vector(&builder, name, size, mean: 1, deviation: 0.05, &random)
    }

    private func vector(
        _ builder: inout GGUFBuilder, _ name: String, _ size: Int, mean: Float, deviation: Float,
        _ random: inout TestRandom
    ) {
        let values = (0..<size).map { _ in mean + random.normal() * deviation }
        builder.addTensor(
            name, type: .f32, dimensions: [size], bytes: WeightEncoder.encode(values, as: .f32, random: &random))
    }
}
