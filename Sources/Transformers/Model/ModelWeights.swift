internal import GGUF
internal import Tensors

/// A matrix and the bias that its product gets, if any.
struct Projection: Sendable {
    let matrix: WeightMatrix
    let bias: WeightVector?
}

/// The weights of one layer, in the file's map.
struct LayerWeights: Sendable {
    let attentionNorm: WeightVector
    let query: Projection
    let key: Projection
    let value: Projection
    let queryNorm: WeightVector?
    let keyNorm: WeightVector?
    let attentionOutput: Projection
    let feedForwardNorm: WeightVector
    let gate: Projection
    let up: Projection
    let down: Projection

    /// What meets the normalised residual stream, in one job each.
    var attentionInputs: [WeightMatrix] { [query.matrix, key.matrix, value.matrix] }
    var feedForwardInputs: [WeightMatrix] { [gate.matrix, up.matrix] }
}

/// All weights of a model, in the file's map.
struct ModelWeights: Sendable {
    let tokenEmbedding: WeightMatrix
    let layers: [LayerWeights]
    let outputNorm: WeightVector
    /// The matrix that gives the logits: the embedding where the file has none of its own.
    let output: WeightMatrix
    /// Divisors of the rotary frequencies, one for each pair.
    let frequencyFactors: [Float]?

    init(_ file: GGUFFile, _ shape: Hyperparameters) throws(ModelError) {
        var loader = TensorLoader(file)
        let traits = shape.family.traits
        tokenEmbedding = try loader.matrix(
            TensorName.tokenEmbedding, rows: shape.vocabularySize, columns: shape.embedding)
        outputNorm = try loader.vector(TensorName.outputNorm, count: shape.embedding)
        output =
            try loader.optionalMatrix(TensorName.output, rows: shape.vocabularySize, columns: shape.embedding)
            ?? tokenEmbedding
        var factors: [Float]?
        if traits.mayScaleFrequencies,
            let vector = try loader.optionalVector(TensorName.ropeFrequencies, count: shape.rotary.dimension / 2)
        {
            factors = (0..<vector.count).map { vector.base[$0] }
            guard factors?.allSatisfy({ $0.isFinite && $0 > 0 }) == true else {
                throw ModelError(
                    .absurdValue, path: file.name, field: "tensor '\(TensorName.ropeFrequencies)'",
                    problem: "holds a factor that is not a positive number", advice: ModelError.convertAgain)
            }
        }
        frequencyFactors = factors
        var layers: [LayerWeights] = []
        for layer in 0..<shape.layers { layers.append(try LayerWeights(layer, shape, &loader)) }
        self.layers = layers
        try loader.refuseLeftovers(family: shape.family)
    }
}

extension LayerWeights {
    init(_ layer: Int, _ shape: Hyperparameters, _ loader: inout TensorLoader) throws(ModelError) {
        typealias Tensor = TensorName.BlockTensor
        let traits = shape.family.traits
        func vector(_ tensor: Tensor, _ count: Int) throws(ModelError) -> WeightVector {
            try loader.vector(TensorName.block(layer, tensor), count: count)
        }
        func projection(_ tensor: Tensor, rows: Int, columns: Int) throws(ModelError) -> Projection {
            let matrix = try loader.matrix(TensorName.block(layer, tensor), rows: rows, columns: columns)
            let biasName = TensorName.block(layer, tensor, .bias)
            if traits.requiredBiases.contains(tensor) {
                return Projection(matrix: matrix, bias: try loader.vector(biasName, count: rows))
            }
            let mayHaveBias = traits.optionalBiases.contains(tensor)
            return Projection(
                matrix: matrix, bias: mayHaveBias ? try loader.optionalVector(biasName, count: rows) : nil)
        }
        let queryRows = shape.heads * shape.headDimension
        let keyRows = shape.keyValueHeads * shape.headDimension
        attentionNorm = try vector(.attentionNorm, shape.embedding)
        query = try projection(.attentionQuery, rows: queryRows, columns: shape.embedding)
        key = try projection(.attentionKey, rows: keyRows, columns: shape.embedding)
        value = try projection(.attentionValue, rows: keyRows, columns: shape.embedding)
        queryNorm = traits.normalizesQueryAndKey ? try vector(.attentionQueryNorm, shape.headDimension) : nil
        keyNorm = traits.normalizesQueryAndKey ? try vector(.attentionKeyNorm, shape.headDimension) : nil
        attentionOutput = try projection(.attentionOutput, rows: shape.embedding, columns: queryRows)
        feedForwardNorm = try vector(.feedForwardNorm, shape.embedding)
        gate = try projection(.feedForwardGate, rows: shape.feedForward, columns: shape.embedding)
        up = try projection(.feedForwardUp, rows: shape.feedForward, columns: shape.embedding)
        down = try projection(.feedForwardDown, rows: shape.embedding, columns: shape.feedForward)
    }
}
