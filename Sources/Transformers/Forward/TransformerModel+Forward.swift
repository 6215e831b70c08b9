internal import Tensors

extension TransformerModel {
    /// Computes one step: appends every entry's tokens to its sequence and gives the logits or hidden rows that were
    /// asked for.
    ///
    /// A sequence's results have the same bits whatever else is in the batch and however its prompt was cut into chunks.
    ///
    /// - Parameters:
    ///   - batch: at most `context.maximumRows` tokens and `context.maximumLogitRows` rows of logits.
    ///   - cache: the cache that the sequences were opened in, made with this model's `hyperparameters.cacheLayout`.
    ///   - isCancelled: asked between layers; true ends the step with `ForwardError.cancelled`.
    ///
    /// If it throws, the sequences are as before.
    public func forward(
        _ batch: Batch, cache: KVCache, in context: ForwardContext, isCancelled: () -> Bool = { false }
    ) throws(ForwardError) -> ForwardOutput {
        precondition(
            batch.rows <= context.maximumRows && batch.logitRows <= context.maximumLogitRows,
            "a step of \(batch.rows) rows, \(batch.logitRows) with logits, in a smaller context")
        precondition(cache.layout == hyperparameters.cacheLayout, "the cache was made for another model")
        let output = ForwardOutput(batch, in: context, shape: hyperparameters)
        guard batch.rows > 0 else { return output }
        try checkTokens(batch)
        try reserve(batch, in: cache)
        do throws(ForwardError) {
            try compute(batch, in: context, isCancelled: isCancelled)
        } catch {
            for entry in batch.entries { cache.truncate(entry.sequence, to: entry.sequence.count) }
            throw error
        }
        for entry in batch.entries { cache.commit(entry.tokens, to: entry.sequence) }
        return output
    }

    private func checkTokens(_ batch: Batch) throws(ForwardError) {
        let size = hyperparameters.vocabularySize
        for entry in batch.entries {
            for token in entry.tokens where token < 0 || Int(token) >= size {
                throw .unknownToken(token: token, vocabularySize: size)
            }
        }
    }

    /// Places for all tokens, or for none.
    private func reserve(_ batch: Batch, in cache: KVCache) throws(ForwardError) {
        for (index, entry) in batch.entries.enumerated() {
            do throws(CacheError) {
                try cache.reserve(entry.tokens.count, in: entry.sequence)
            } catch {
                for earlier in batch.entries[..<index] {
                    cache.truncate(earlier.sequence, to: earlier.sequence.count)
                }
                throw .cache(error)
            }
        }
    }

    private func compute(
        _ batch: Batch, in context: ForwardContext, isCancelled: () -> Bool
    ) throws(ForwardError) {
        let buffers = context.buffers
        context.multiplier.embed(
            tokens: batch.entries.flatMap(\.tokens), from: weights.tokenEmbedding, into: buffers.residual)
        var rows = StepRows(batch, every: true)
        prepare(rows, context)
        for (index, layer) in weights.layers.enumerated() {
            if isCancelled() { throw .cancelled }
            let input = normalized(layer.attentionNorm, adding: index > 0, context)
            let dropsRows = index == weights.layers.count - 1 && batch.outputRows < batch.rows
            if dropsRows {
                // Nothing reads the last layer's output but what was asked for: keys and values for all tokens, the rest
                // of the layer for the rows that are wanted.
                project(
                    layer.keyAndValue, of: input, into: [buffers.key, buffers.value], then: layer.query, rows.count,
                    context)
                storeKeysAndValues(layer, index, context)
                rows = keepWantedRows(batch, context)
                guard rows.count > 0 else { return }
                project(
                    layer.query, of: normalized(layer.attentionNorm, adding: false, context), into: [buffers.query],
                    then: layer.attentionOutput, rows.count, context)
            } else {
                project(
                    layer.attentionInputs, of: input, into: buffers.attentionInputs, then: layer.attentionOutput,
                    rows.count, context)
            }
            attend(layer, index, storing: !dropsRows, rows.count, context)
            let next = index + 1 < weights.layers.count ? weights.layers[index + 1].attentionInputs : weights.output
            feedForward(layer, then: next, rows.count, context)
        }
        if isCancelled() { throw .cancelled }
        let width = hyperparameters.embedding
        context.operations.add(buffers.update, to: buffers.residual, rows: rows.count, width: width)
        context.operations.rmsNorm(
            buffers.residual, weight: weights.outputNorm.base, rows: rows.count, width: width,
            epsilon: hyperparameters.rmsEpsilon, into: buffers.normed)
        computeLogits(moveHiddenRowsAway(batch, context), context)
    }

    /// Copies the hidden rows to where they outlive the step, and closes the gaps that they leave; gives the number of
    /// rows that want logits.
    private func moveHiddenRowsAway(_ batch: Batch, _ context: ForwardContext) -> Int {
        guard batch.outputRows > batch.logitRows else { return batch.logitRows }
        let width = hyperparameters.embedding
        let normed = context.buffers.normed
        var (source, logits, hidden) = (0, 0, 0)
        for entry in batch.entries {
            (context.buffers.hidden + hidden * width).update(
                from: normed + source * width, count: entry.hiddenCount * width)
            hidden += entry.hiddenCount
            source += entry.hiddenCount
            if logits != source {
                (normed + logits * width).update(from: normed + source * width, count: entry.logitCount * width)
            }
            logits += entry.logitCount
            source += entry.logitCount
        }
        return logits
    }

    /// logits = output matrix · normed, for the first rows.
    private func computeLogits(_ rows: Int, _ context: ForwardContext) {
        guard rows > 0 else { return }
        project(
            weights.output, of: ActivationRows(context.buffers.normed, width: hyperparameters.embedding),
            into: [context.buffers.logits], then: weights.layers.first?.attentionInputs, rows, context)
    }

    /// Moves the rows whose output is wanted to the front, and prepares attention and positions for them.
    private func keepWantedRows(_ batch: Batch, _ context: ForwardContext) -> StepRows {
        let width = hyperparameters.embedding
        var (target, source) = (0, 0)
        for entry in batch.entries {
            source += entry.tokens.count - entry.outputCount
            let residual = context.buffers.residual
            if target != source {
                (residual + target * width).update(from: residual + source * width, count: entry.outputCount * width)
            }
            target += entry.outputCount
            source += entry.outputCount
        }
        let rows = StepRows(batch, every: false)
        if rows.count > 0 { prepare(rows, context) }
        return rows
    }

    private func prepare(_ rows: StepRows, _ context: ForwardContext) {
        context.attention.prepare(rows.sequences)
        context.turns.update(positions: rows.positions, pool: context.pool)
    }
}

/// Which tokens the rows of the buffers stand for.
private struct StepRows {
    var sequences: [AttentionSequence] = []
    var positions: [Int] = []
    var count: Int { positions.count }

    /// Every token of a batch, or those whose output is wanted.
    init(_ batch: Batch, every: Bool) {
        for entry in batch.entries {
            let end = entry.sequence.count + entry.tokens.count
            let count = every ? entry.tokens.count : entry.outputCount
            guard count > 0 else { continue }
            sequences.append(
                AttentionSequence(blocks: entry.sequence.pointers, firstPosition: end - count, count: count))
            positions += end - count..<end
        }
    }
}
