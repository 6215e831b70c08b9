internal import GGUF
internal import Sampling
public import Tokenization
internal import Transformers

/// A loaded model that answers: its tokeniser, its chat template, and an engine on a thread of its own.
///
/// ```swift
/// let model = try LanguageModel(LoadPlan(file, name: "qwen3-0.6b"))
/// let prompt = try model.prompt(.conversation(Conversation([ConversationMessage(.user, "Hello")])))
/// for try await event in try model.generate(prompt) { … }
/// await model.unload()
/// ```
public final class LanguageModel: Sendable {
    /// What the model is.
    public let information: ModelInformation
    /// Its tokeniser.
    public let tokenizer: Tokenizer
    let template: ChatTemplate?
    let fillIn: FillInTokens?
    private let file: GGUFFile
    private let pooling: Pooling
    private let engine: Engine
    /// The last of the properties, and so the last to go.
    private let heap = HeapTrimmer()

    /// Loads a model. Takes as long as the weights need to come into memory; call it off the cooperative pool.
    /// - Parameters:
    ///   - plan: what was checked, and what memory it may take.
    ///   - isCancelled: asked between the load's stages and the pieces of the file, on any thread; true ends the load.
    ///   - progress: called with 0…1 as the load goes on, from any thread.
    /// - Throws: `unsupportedModel` if the tokeniser turns out to be broken, `chatTemplate` if the template does,
    ///   `fileChanged` if the file is cut short meanwhile, `stopped` if the load was cancelled.
    public init(
        _ plan: LoadPlan, isCancelled: @escaping @Sendable () -> Bool = { false },
        progress: @escaping @Sendable (Double) -> Void = { _ in }
    ) throws(InferenceError) {
        let file = plan.model.file
        plan.text.begin()
        file.prefetch(isCancelled: isCancelled)
        progress(0.5)
        let made = Result { () throws(InferenceError) in try plan.text.get() }
        // Whatever was made of it, it was made of zeros.
        guard !file.isDamaged else { throw .fileChanged(name: plan.information.name) }
        let text = try made.get()
        if isCancelled() { throw .stopped }
        information = plan.information
        tokenizer = text.tokenizer
        template = text.template
        fillIn = plan.fillIn
        self.file = file
        pooling = plan.pooling
        engine = Engine(try EngineLoop(plan))
        progress(1)
    }

    /// Starts a turn. Its events come as the engine computes them; dropping the stream ends the turn within one step.
    /// - Throws: `fileChanged`, `emptyPrompt`, `contextLengthExceeded` or `invalidSampling`, before anything is computed.
    public func generate(
        _ prompt: Prompt, options: GenerationOptions = GenerationOptions()
    ) throws(InferenceError) -> GenerationStream {
        let room = try room(for: prompt, generate: options.maximumTokens ?? 1)
        let (stream, continuation) = GenerationStream.makeStream()
        let text = TurnText(
            tokenizer, continuesText: prompt.continuesText, stopStrings: options.stopStrings,
            reasoning: prompt.hasReasoning ? ReasoningParser(startsInside: prompt.startsInsideReasoning) : nil,
            includesReasoning: options.includesReasoning)
        let order = GenerationOrder(
            options: options, sampler: try sampler(options.sampling), text: text,
            endOfGeneration: tokenizer.endOfGeneration, scorer: try scorer(options), continuation: continuation)
        let request = TurnRequest(
            prompt: prompt, maximumTokens: min(max(options.maximumTokens ?? room, 0), room),
            purpose: .generation(order))
        continuation.onTermination = onTermination(of: request)
        engine.submit(request)
        return stream
    }

    /// Computes the embeddings of texts, in their order: as turns of the engine, beside others. Cancelling the task ends
    /// them within one step.
    /// - Throws: `InferenceError` as `generate` does, or `CancellationError`.
    public func embed(_ inputs: [Prompt]) async throws -> [Embedding] {
        for input in inputs {
            _ = try room(for: input, generate: 0)
        }
        var results: [Embedding] = []
        var running = inputs.prefix(Limits.embeddingsAtOnce).map(startEmbedding)[...]
        for next in inputs.indices {
            guard let stream = running.popFirst() else { break }
            for try await embedding in stream {
                results.append(embedding)
            }
            guard results.count > next else { throw CancellationError() }
            if next + Limits.embeddingsAtOnce < inputs.count {
                running.append(startEmbedding(inputs[next + Limits.embeddingsAtOnce]))
            }
        }
        return results
    }

    private func startEmbedding(_ input: Prompt) -> AsyncThrowingStream<Embedding, any Error> {
        let (stream, continuation) = AsyncThrowingStream<Embedding, any Error>.makeStream()
        let request = TurnRequest(
            prompt: input, maximumTokens: 0,
            purpose: .embedding(EmbeddingOrder(pooling: pooling, continuation: continuation)))
        continuation.onTermination = onTermination(of: request)
        engine.submit(request)
        return stream
    }

    /// Nothing is begun with a model whose file has been cut short: its weights and its vocabulary may be zeros.
    func checkFile() throws(InferenceError) {
        if file.isDamaged { throw .fileChanged(name: information.name) }
    }

    /// How many tokens can follow the prompt.
    private func room(for prompt: Prompt, generate: Int) throws(InferenceError) -> Int {
        try checkFile()
        guard !prompt.tokens.isEmpty else { throw .emptyPrompt }
        let room = information.contextLength - prompt.tokens.count
        guard room >= min(max(generate, 0), 1) else {
            throw .contextLengthExceeded(
                prompt: prompt.tokens.count, generate: generate, limit: information.contextLength)
        }
        return room
    }

    private func sampler(_ parameters: SamplingParameters) throws(InferenceError) -> Sampler {
        do {
            return try Sampler(parameters, vocabularySize: information.vocabularySize)
        } catch {
            throw .invalidSampling(reason: "\(error)")
        }
    }

    private func scorer(_ options: GenerationOptions) throws(InferenceError) -> TokenScorer? {
        guard options.logProbabilities != nil || options.scoresPrompt else { return nil }
        let alternatives = options.logProbabilities ?? 0
        guard Limits.alternatives.contains(alternatives) else {
            throw .invalidSampling(
                reason: "\(alternatives) alternatives of each token are asked for; "
                    + "\(Limits.alternatives.lowerBound) to \(Limits.alternatives.upperBound) can be reported")
        }
        return TokenScorer(tokenizer: tokenizer, alternatives: alternatives)
    }

    /// Lets the engine know when a client has left.
    private func onTermination<Element>(
        of request: TurnRequest
    ) -> @Sendable (AsyncThrowingStream<Element, any Error>.Continuation.Termination) -> Void {
        { [engine, cancellation = request.cancellation] termination in
            guard case .cancelled = termination else { return }
            cancellation.cancel()
            engine.noticeCancellation()
        }
    }

    /// Ends the engine: running turns are cut with `stopped`, and KV cache and scratch go back to the system before this
    /// returns. The weights' mapping goes with the last reference to the model.
    public func unload() async {
        await engine.stop()
    }
}
