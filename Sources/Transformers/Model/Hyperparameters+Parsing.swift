public import GGUF
internal import Tensors

extension Hyperparameters {
    /// Reads a model file's numbers. Every error names the key, what was found and what is possible.
    public init(_ file: GGUFFile) throws(ModelError) {
        let reader = try MetadataReader(file)
        family = reader.family
        let name = family.rawValue
        layers = try reader.integer(MetadataKey.blockCount(name), in: Limits.layers)
        embedding = try reader.integer(MetadataKey.embeddingLength(name), in: Limits.embeddingLength)
        feedForward = try reader.integer(MetadataKey.feedForwardLength(name), in: Limits.feedForwardLength)
        heads = try reader.integer(MetadataKey.headCount(name), in: Limits.heads)
        keyValueHeads = try reader.integer(
            MetadataKey.keyValueHeadCount(name), in: Limits.heads, otherwise: heads)
        guard heads.isMultiple(of: keyValueHeads) else {
            throw reader.absurd(
                MetadataKey.keyValueHeadCount(name), "is \(keyValueHeads), which does not divide the \(heads) heads")
        }
        headDimension = try Self.headDimension(reader, embedding: embedding, heads: heads)
        vocabularySize = try Self.vocabularySize(file, reader)
        let context = try reader.integer(MetadataKey.contextLength(name), in: Limits.contextLength)
        let window = try reader.integer(
            MetadataKey.slidingWindow(name), in: 0...Limits.contextLength.upperBound, otherwise: 0)
        contextLength = window > 0 ? min(context, window) : context
        rmsEpsilon = try reader.float(MetadataKey.rmsEpsilon(name), in: Limits.rmsEpsilon)
        rotary = try Rotary(reader, headDimension: headDimension, contextLength: context)
        attentionScale = try reader.float(
            MetadataKey.attentionScale(name), in: 1e-6...1e3, otherwise: 1 / Float(headDimension).squareRoot())
        try Self.refuseWhatIsNotComputed(reader)
    }

    private static func headDimension(
        _ reader: MetadataReader, embedding: Int, heads: Int
    ) throws(ModelError) -> Int {
        let name = reader.family.rawValue
        let key = MetadataKey.keyLength(name)
        let dimension = try reader.integer(key, in: Limits.headDimension, otherwise: embedding / heads)
        guard dimension.isMultiple(of: 8), Limits.headDimension.contains(dimension) else {
            throw reader.unsupported(key, "makes heads \(dimension) wide; they must be a multiple of 8 wide")
        }
        let value = try reader.integer(MetadataKey.valueLength(name), in: Limits.headDimension, otherwise: dimension)
        guard dimension == value else {
            throw reader.unsupported(MetadataKey.valueLength(name), "is \(value), but the keys' is \(dimension)")
        }
        return dimension
    }

    /// The embedding's rows, which the tokeniser's tokens must not outnumber.
    private static func vocabularySize(_ file: GGUFFile, _ reader: MetadataReader) throws(ModelError) -> Int {
        guard let tensor = file.tensor(named: TensorName.tokenEmbedding) else {
            throw ModelError(
                .missingTensor, path: file.name, field: "tensor '\(TensorName.tokenEmbedding)'",
                problem: "is missing", advice: ModelError.convertAgain)
        }
        let rows = tensor.rows
        let tokens = file.metadata[MetadataKey.tokens]?.arrayValue?.count ?? 0
        guard Limits.vocabularySize.contains(rows), tokens <= rows else {
            throw ModelError(
                .wrongShape, path: file.name, field: "tensor '\(TensorName.tokenEmbedding)'",
                problem: "has \(rows) rows for a vocabulary of \(tokens) tokens", advice: ModelError.convertAgain)
        }
        return rows
    }

    /// Features that would change the logits if they were left out in silence.
    private static func refuseWhatIsNotComputed(_ reader: MetadataReader) throws(ModelError) {
        let name = reader.family.rawValue
        let experts = MetadataKey.expertCount(name)
        if let count = reader.metadata.integer(experts), count > 0 {
            throw reader.unsupported(experts, "is \(count): mixtures of experts do not run yet")
        }
        if reader.metadata.bool(MetadataKey.causalAttention(name)) == false {
            throw reader.unsupported(
                MetadataKey.causalAttention(name), "is false: models that look ahead do not run here")
        }
        for key in [
            MetadataKey.embeddingScale(name), MetadataKey.residualScale(name), MetadataKey.logitScale(name),
            MetadataKey.finalLogitSoftcapping(name),
        ] {
            if let value = reader.metadata.float(key), value != 0, value != 1 {
                throw reader.unsupported(key, "is \(value): this scaling does not run here")
            }
        }
    }
}

extension Hyperparameters.Rotary {
    fileprivate init(_ reader: MetadataReader, headDimension: Int, contextLength: Int) throws(ModelError) {
        let name = reader.family.rawValue
        let key = MetadataKey.ropeDimensionCount(name)
        dimension = try reader.integer(key, in: 2...headDimension, otherwise: headDimension)
        guard dimension.isMultiple(of: 2) else { throw reader.absurd(key, "is \(dimension), which is odd") }
        base = try reader.float(
            MetadataKey.ropeFrequencyBase(name), in: Limits.ropeBase, otherwise: reader.family.traits.defaultRopeBase)
        attentionFactor = try reader.float(
            MetadataKey.ropeScalingAttentionFactor(name), in: Limits.ropeMagnitude, otherwise: 1)
        scaling = try Self.scaling(reader, contextLength: contextLength)
    }

    private static func scaling(
        _ reader: MetadataReader, contextLength: Int
    ) throws(ModelError) -> RotaryTable.Scaling {
        let name = reader.family.rawValue
        let typeKey = MetadataKey.ropeScalingType(name)
        let oldFactor = try reader.float(MetadataKey.ropeScaleLinear(name), in: Limits.ropeFactor, otherwise: 1)
        let factor = try reader.float(
            MetadataKey.ropeScalingFactor(name), in: Limits.ropeFactor, otherwise: oldFactor)
        switch reader.metadata.string(typeKey) ?? (factor == 1 ? "none" : "linear") {
        case "none":
            return .none
        case "linear":
            return factor == 1 ? .none : .linear(factor: factor)
        case "yarn":
            return .yarn(
                YarnScaling(
                    factor: try reader.float(
                        MetadataKey.ropeScalingFactor(name), in: 1...Limits.ropeFactor.upperBound),
                    originalContext: try reader.integer(
                        MetadataKey.ropeScalingOriginalContextLength(name), in: Limits.contextLength,
                        otherwise: contextLength),
                    extrapolationFactor: try reader.float(
                        MetadataKey.yarnExtrapolationFactor(name), in: 0...1, otherwise: 1),
                    attentionFactor: try reader.float(
                        MetadataKey.yarnAttentionFactor(name), in: Limits.ropeMagnitude, otherwise: 1),
                    betaFast: try reader.float(MetadataKey.yarnBetaFast(name), in: Limits.ropeFactor, otherwise: 32),
                    betaSlow: try reader.float(MetadataKey.yarnBetaSlow(name), in: Limits.ropeFactor, otherwise: 1)))
        case let other:
            throw reader.unsupported(typeKey, "is '\(other)'; none, linear and yarn run here")
        }
    }
}
