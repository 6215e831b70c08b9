internal import Tensors

/// The parts of a layer. All work on the first `rows` rows of the context's buffers.
extension TransformerModel {
    /// normed = RMS norm of the residual stream.
    func normalize(_ weight: WeightVector, _ rows: Int, _ context: ForwardContext) {
        context.operations.rmsNorm(
            context.buffers.residual, weight: weight.base, rows: rows, width: hyperparameters.embedding,
            epsilon: hyperparameters.rmsEpsilon, into: context.buffers.normed)
    }

    /// Products of the normed rows with several matrices as one job, and their biases. `next`: what is read after them.
    func project(
        _ projections: [(Projection, UnsafeMutablePointer<Float>)], then next: [WeightMatrix], _ rows: Int,
        _ context: ForwardContext
    ) {
        context.multiplier.multiply(
            projections.map { ($0.0.matrix, output: $0.1) }, activations: context.buffers.normed, rows: rows,
            columns: hyperparameters.embedding, then: next)
        for (projection, output) in projections { addBias(of: projection, to: output, rows, context) }
    }

    /// Norm (where the family has one) and positions of the keys; keys and values into the cache.
    func storeKeysAndValues(_ layer: LayerWeights, _ index: Int, _ rows: Int, _ context: ForwardContext) {
        let (shape, buffers) = (hyperparameters, context.buffers)
        turn(buffers.key, norm: layer.keyNorm, heads: shape.keyValueHeads, rows, context)
        context.attention.store(keys: buffers.key, values: buffers.value, layer: index)
    }

    /// Adds attention's output, projected, to the residual stream.
    func attend(_ layer: LayerWeights, _ index: Int, _ rows: Int, _ context: ForwardContext) {
        let (shape, buffers) = (hyperparameters, context.buffers)
        turn(buffers.query, norm: layer.queryNorm, heads: shape.heads, rows, context)
        context.attention.attend(queries: buffers.query, layer: index, output: buffers.query)
        addToResidual(
            layer.attentionOutput, of: buffers.query, columns: shape.heads * shape.headDimension,
            then: layer.feedForwardInputs, rows, context)
    }

    /// Adds down(silu(gate) · up) to the residual stream.
    func feedForward(
        _ layer: LayerWeights, then next: [WeightMatrix], _ rows: Int, _ context: ForwardContext
    ) {
        let (shape, buffers) = (hyperparameters, context.buffers)
        normalize(layer.feedForwardNorm, rows, context)
        project([(layer.gate, buffers.gate), (layer.up, buffers.up)], then: [layer.down.matrix], rows, context)
        context.operations.siluMultiply(
            gate: buffers.gate, up: buffers.up, rows: rows, width: shape.feedForward, into: buffers.gate)
        addToResidual(layer.down, of: buffers.gate, columns: shape.feedForward, then: next, rows, context)
    }

    private func turn(
        _ vectors: UnsafeMutablePointer<Float>, norm: WeightVector?, heads: Int, _ rows: Int,
        _ context: ForwardContext
    ) {
        let dimension = hyperparameters.headDimension
        if let norm {
            context.operations.rmsNorm(
                vectors, weight: norm.base, rows: rows * heads, width: dimension,
                epsilon: hyperparameters.rmsEpsilon, into: vectors)
        }
        context.operations.rotate(vectors, heads: heads, headDimension: dimension, turns: context.turns)
    }

    private func addToResidual(
        _ projection: Projection, of input: UnsafeMutablePointer<Float>, columns: Int, then next: [WeightMatrix],
        _ rows: Int, _ context: ForwardContext
    ) {
        let buffers = context.buffers
        context.multiplier.multiply(
            [(projection.matrix, output: buffers.update)], activations: input, rows: rows, columns: columns, then: next)
        addBias(of: projection, to: buffers.update, rows, context)
        context.operations.add(
            buffers.update, to: buffers.residual, rows: rows, width: hyperparameters.embedding)
    }

    private func addBias(
        of projection: Projection, to output: UnsafeMutablePointer<Float>, _ rows: Int, _ context: ForwardContext
    ) {
        guard let bias = projection.bias else { return }
        context.operations.addBias(bias.base, to: output, rows: rows, width: projection.matrix.rows)
    }
}
