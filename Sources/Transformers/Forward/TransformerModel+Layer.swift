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
        _ projections: Projections, into outputs: [UnsafeMutablePointer<Float>], then next: Projections?, _ rows: Int,
        _ context: ForwardContext
    ) {
        multiply(
            projections, context.buffers.normed, columns: hyperparameters.embedding, into: outputs, then: next, rows,
            context)
    }

    /// Norm (where the family has one) and positions of the keys; keys and values into the cache.
    func storeKeysAndValues(_ layer: LayerWeights, _ index: Int, _ context: ForwardContext) {
        context.attention.store(newKeysAndValues(layer, context), layer: index)
    }

    /// Adds attention's output, projected, to the residual stream. `storing`: keys and values, which are not in the cache
    /// yet, go there first.
    func attend(_ layer: LayerWeights, _ index: Int, storing: Bool, _ rows: Int, _ context: ForwardContext) {
        let (shape, buffers) = (hyperparameters, context.buffers)
        context.attention.attend(
            queries: buffers.query, turn: headTurn(norm: layer.queryNorm, context), layer: index, output: buffers.query,
            storing: storing ? newKeysAndValues(layer, context) : nil)
        addToResidual(
            layer.attentionOutput, of: buffers.query, columns: shape.heads * shape.headDimension,
            then: layer.feedForwardInputs, rows, context)
    }

    /// Adds down(silu(gate) · up) to the residual stream.
    func feedForward(
        _ layer: LayerWeights, then next: Projections, _ rows: Int, _ context: ForwardContext
    ) {
        let (shape, buffers) = (hyperparameters, context.buffers)
        normalize(layer.feedForwardNorm, rows, context)
        project(layer.feedForwardInputs, into: buffers.feedForwardInputs, then: layer.down, rows, context)
        context.operations.siluMultiply(
            gate: buffers.gate, up: buffers.up, rows: rows, width: shape.feedForward, into: buffers.gate)
        addToResidual(layer.down, of: buffers.gate, columns: shape.feedForward, then: next, rows, context)
    }

    private func newKeysAndValues(_ layer: LayerWeights, _ context: ForwardContext) -> Attention.Stored {
        Attention.Stored(
            keys: context.buffers.key, values: context.buffers.value, turn: headTurn(norm: layer.keyNorm, context))
    }

    private func headTurn(norm: WeightVector?, _ context: ForwardContext) -> HeadTurn {
        context.operations.headTurn(
            norm: norm?.base, epsilon: hyperparameters.rmsEpsilon, headDimension: hyperparameters.headDimension,
            turns: context.turns)
    }

    private func addToResidual(
        _ projections: Projections, of input: UnsafeMutablePointer<Float>, columns: Int, then next: Projections,
        _ rows: Int, _ context: ForwardContext
    ) {
        let buffers = context.buffers
        multiply(projections, input, columns: columns, into: buffers.updates, then: next, rows, context)
        context.operations.add(
            buffers.update, to: buffers.residual, rows: rows, width: hyperparameters.embedding)
    }

    private func multiply(
        _ projections: Projections, _ input: UnsafeMutablePointer<Float>, columns: Int,
        into outputs: [UnsafeMutablePointer<Float>], then next: Projections?, _ rows: Int, _ context: ForwardContext
    ) {
        context.multiplier.multiply(
            projections.matrices, into: outputs, activations: input, rows: rows, columns: columns,
            then: next?.matrices ?? [])
        for (index, bias) in projections.biases.enumerated() {
            guard let bias else { continue }
            context.operations.addBias(bias.base, to: outputs[index], rows: rows, width: bias.count)
        }
    }
}
