internal import GGUF
internal import Tensors

/// A matrix and the bias that its product gets, if any.
struct Projection: Sendable {
    let matrix: WeightMatrix
    let bias: WeightVector?
}

/// Matrices that meet the same activations, in one job, and the biases that their products get, if any.
struct Projections: Sendable {
    let matrices: [WeightMatrix]
    /// For each matrix; empty if there is none at all.
    let biases: [WeightVector?]

    init(_ projections: [Projection]) {
        matrices = projections.map(\.matrix)
        biases = projections.contains { $0.bias != nil } ? projections.map(\.bias) : []
    }
}

/// The weights of one layer, in the file's map. An object, because a step hands it on hundreds of times.
final class LayerWeights: Sendable {
    let attentionNorm: WeightVector
    /// Query, key and value; and in two parts.
    let attentionInputs: Projections
    let query: Projections
    let keyAndValue: Projections
    let queryNorm: WeightVector?
    let keyNorm: WeightVector?
    let attentionOutput: Projections
    let feedForwardNorm: WeightVector
    /// Gate and up.
    let feedForwardInputs: Projections
    let down: Projections

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
        let query = try projection(.attentionQuery, rows: queryRows, columns: shape.embedding)
        let key = try projection(.attentionKey, rows: keyRows, columns: shape.embedding)
        let value = try projection(.attentionValue, rows: keyRows, columns: shape.embedding)
        queryNorm = traits.normalizesQueryAndKey ? try vector(.attentionQueryNorm, shape.headDimension) : nil
        keyNorm = traits.normalizesQueryAndKey ? try vector(.attentionKeyNorm, shape.headDimension) : nil
        attentionInputs = Projections([query, key, value])
        keyAndValue = Projections([key, value])
        self.query = Projections([query])
        attentionOutput = Projections([
            try projection(.attentionOutput, rows: shape.embedding, columns: queryRows)
        ])
        feedForwardNorm = try vector(.feedForwardNorm, shape.embedding)
        feedForwardInputs = Projections([
            try projection(.feedForwardGate, rows: shape.feedForward, columns: shape.embedding),
            try projection(.feedForwardUp, rows: shape.feedForward, columns: shape.embedding),
        ])
        down = Projections([try projection(.feedForwardDown, rows: shape.embedding, columns: shape.feedForward)])
    }
}

/// All weights of a model, in the file's map.
struct ModelWeights: Sendable {
    let tokenEmbedding: WeightMatrix
    let layers: [LayerWeights]
    let outputNorm: WeightVector
    /// The matrix that gives the logits: the embedding where the file has none of its own.
    let output: Projections
    /// Divisors of the rotary frequencies, one for each pair.
    let frequencyFactors: [Float]?

    init(_ file: GGUFFile, _ shape: Hyperparameters) throws(ModelError) {
        var loader = TensorLoader(file)
        let traits = shape.family.traits
        tokenEmbedding = try loader.matrix(
            TensorName.tokenEmbedding, rows: shape.vocabularySize, columns: shape.embedding)
        outputNorm = try loader.vector(TensorName.outputNorm, count: shape.embedding)
        let output =
            try loader.optionalMatrix(TensorName.output, rows: shape.vocabularySize, columns: shape.embedding)
            ?? tokenEmbedding
        self.output = Projections([Projection(matrix: output, bias: nil)])
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
