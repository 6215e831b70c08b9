internal import Tensors

/// The parts of a layer. All work on the first `rows` rows of the context's buffers.
extension TransformerModel {
    /// The residual stream, to which the update of the part before is `adding` itself first, normed: what a part of a
    /// layer multiplies. Rows are made where they are needed.
    func normalized(_ weight: WeightVector, adding: Bool, _ context: ForwardContext) -> ActivationRows {
        context.operations.normed(
            context.buffers.residual, adding: adding ? context.buffers.update : nil, weight: weight.base,
            width: hyperparameters.embedding, epsilon: hyperparameters.rmsEpsilon, place: context.buffers.normed)
    }

    /// Products of rows with several matrices as one job, and their biases. `next`: what is read after them.
    func project(
        _ projections: Projections, of input: ActivationRows, into outputs: [UnsafeMutablePointer<Float>],
        then next: Projections?, _ rows: Int, _ context: ForwardContext
    ) {
        context.multiplier.multiply(
            projections.matrices, into: outputs, activations: input, rows: rows, then: next?.matrices ?? [])
        for (index, bias) in projections.biases.enumerated() {
            guard let bias else { continue }
            context.operations.addBias(bias.base, to: outputs[index], rows: rows, width: bias.count)
        }
    }

    /// Norm (where the family has one) and positions of the keys; keys and values into the cache.
    func storeKeysAndValues(_ layer: LayerWeights, _ index: Int, _ context: ForwardContext) {
        context.attention.store(newKeysAndValues(layer, context), layer: index)
    }

    /// Attention's output, projected, as an update of the residual stream. `storing`: keys and values, which are not in the cache
    /// yet, go there first.
    func attend(_ layer: LayerWeights, _ index: Int, storing: Bool, _ rows: Int, _ context: ForwardContext) {
        let (shape, buffers) = (hyperparameters, context.buffers)
        context.attention.attend(
            queries: buffers.query, turn: headTurn(norm: layer.queryNorm, context), layer: index, output: buffers.query,
            storing: storing ? newKeysAndValues(layer, context) : nil)
        project(
            layer.attentionOutput, of: ActivationRows(buffers.query, width: shape.heads * shape.headDimension),
            into: buffers.updates, then: layer.feedForwardInputs, rows, context)
    }

    /// Adds attention's update to the residual stream; down(silu(gate) · up) is the next one.
    func feedForward(
        _ layer: LayerWeights, then next: Projections, _ rows: Int, _ context: ForwardContext
    ) {
        let (shape, buffers) = (hyperparameters, context.buffers)
        project(
            layer.feedForwardInputs, of: normalized(layer.feedForwardNorm, adding: true, context),
            into: buffers.feedForwardInputs, then: layer.down, rows, context)
        let gated = context.operations.gated(
            gate: buffers.gate, up: buffers.up, width: shape.feedForward, place: buffers.gate)
        project(layer.down, of: gated, into: buffers.updates, then: next, rows, context)
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
}
