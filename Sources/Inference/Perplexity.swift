internal import Foundation
internal import GGUF
internal import Tensors
public import Tokenization
internal import Transformers

/// How well a model predicts a text: exp of the mean negative log-likelihood of its tokens.
///
/// The text is cut into windows of the context's length; in each, the tokens of the second half are scored, so that every
/// scored token has at least half a window ahead of it (as llama.cpp's tool of that name does).
public struct Perplexity: Sendable {
    /// Tokens scored so far.
    public private(set) var count = 0
    private var sum = 0.0
    private var sumOfSquares = 0.0

    /// The perplexity of what was scored; nil before anything was.
    public var value: Double? {
        mean.map { exp($0) }
    }

    /// One standard error of `value`, from the spread of the tokens' log-likelihoods.
    public var uncertainty: Double? {
        guard count > 1, let mean, let value else { return nil }
        let variance = max(0, sumOfSquares / Double(count) - mean * mean)
        return (variance / Double(count - 1)).squareRoot() * value
    }

    private var mean: Double? {
        count > 0 ? sum / Double(count) : nil
    }

    mutating func add(negativeLogLikelihood: Double) {
        count += 1
        sum += negativeLogLikelihood
        sumOfSquares += negativeLogLikelihood * negativeLogLikelihood
    }

    /// Scores a text with a model. Computes on the calling thread and its workers.
    /// - Parameters:
    ///   - tokens: the text, without boundary tokens; each window begins with the BOS token if the vocabulary wants one.
    ///   - window: tokens of a window; the model's context at most.
    ///   - progress: called after each window with the result so far and the share that is done; false ends it.
    /// - Throws: `emptyPrompt` if the text does not fill one window, or what the engine met.
    public static func measure(
        _ tokens: [Token], plan: LoadPlan, window: Int, progress: (Perplexity, Double) -> Bool
    ) throws(InferenceError) -> Perplexity {
        let window = min(window, plan.information.contextLength)
        let bos = plan.text.vocabulary.addsBOS ? plan.text.vocabulary.bos : nil
        let windows = tokens.count / window
        guard window >= 2, windows > 0 else { throw .emptyPrompt }
        var result = Perplexity()
        do {
            let cache = try KVCache(layout: plan.model.hyperparameters.cacheLayout, limitBytes: plan.cacheBytes)
            let context = try ForwardContext(
                for: plan.model, pool: ThreadPool(threads: plan.threads), level: .chosen(),
                maximumRows: Limits.rowsPerStep, maximumLogitRows: Limits.scoredRows)
            for index in 0..<windows {
                var part = Array(tokens[(index * window)..<((index + 1) * window)])
                if let bos {
                    part[0] = bos
                }
                try result.score(part, model: plan.model, cache: cache, context: context)
                guard progress(result, Double(index + 1) / Double(windows)) else { break }
            }
        } catch {
            throw .engine(reason: "\(error)")
        }
        guard !plan.model.file.isDamaged else { throw .fileChanged(name: plan.information.name) }
        return result
    }

    /// Scores the second half of one window.
    private mutating func score(
        _ tokens: [Token], model: TransformerModel, cache: KVCache, context: ForwardContext
    ) throws {
        let sequence = cache.open([])
        defer {
            cache.close(sequence)
            cache.evictAll()
        }
        let first = tokens.count / 2
        var position = 0
        while position < tokens.count - 1 {
            let isScored = position >= first
            let size = isScored ? Limits.scoredRows : Limits.rowsPerStep
            let end = min(position + size, isScored ? tokens.count - 1 : first)
            let logits = try model.forward(
                Batch([Batch.Entry(sequence, tokens[position..<end], logits: isScored ? .all : .none)]),
                cache: cache, in: context)
            if isScored {
                for row in 0..<(end - position) {
                    add(negativeLogLikelihood: Self.surprise(at: tokens[position + row + 1], logits[row]))
                }
            }
            position = end
        }
    }

    /// −log p of a token, in double precision.
    private static func surprise(at token: Token, _ logits: UnsafeMutableBufferPointer<Float>) -> Double {
        let maximum = Double(logits.max() ?? 0)
        let sum = logits.reduce(0.0) { $0 + exp(Double($1) - maximum) }
        return maximum + log(sum) - Double(logits[Int(token)])
    }
}
