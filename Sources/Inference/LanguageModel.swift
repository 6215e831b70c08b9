internal import Dispatch
internal import GGUF
internal import Sampling
internal import Synchronization
public import Tokenization
internal import Transformers

/// A loaded model that answers: its tokeniser, its chat template, and an engine on a thread of its own.
///
/// ```swift
/// let model = try LanguageModel(LoadPlan(file, name: "qwen3-0.6b"))
/// let prompt = try model.prompt(for: Conversation([ConversationMessage(.user, "Hello")]))
/// for try await event in try model.generate(prompt) { … }
/// await model.unload()
/// ```
public final class LanguageModel: Sendable {
    /// What the model is.
    public let information: ModelInformation
    /// Its tokeniser.
    public let tokenizer: Tokenizer
    private let template: ChatTemplate?
    private let engine: Engine

    /// Loads a model. Takes as long as the weights need to come into memory; call it off the cooperative pool.
    /// - Parameters:
    ///   - plan: what was checked, and what memory it may take.
    ///   - progress: called with 0…1 as the load goes on, from any thread.
    /// - Throws: `unsupportedModel` if the tokeniser or the chat template turns out to be broken.
    public init(
        _ plan: LoadPlan, progress: @escaping @Sendable (Double) -> Void = { _ in }
    ) throws(InferenceError) {
        let parts = try LoadedParts(plan, progress: progress)
        information = plan.information
        tokenizer = parts.tokenizer
        template = parts.template
        engine = Engine(try EngineLoop(plan, tokenizer: parts.tokenizer))
        progress(1)
    }

    /// The prompt of a conversation: its chat template's text, in which only what the template itself wrote can become
    /// a control token.
    /// - Throws: `noChatTemplate`, or `chatTemplate` with the template's own words.
    public func prompt(for conversation: Conversation) throws(InferenceError) -> Prompt {
        guard let template else { throw .noChatTemplate(name: information.name) }
        let rendered = try template.render(conversation)
        var tokens = tokenizer.encode(
            rendered.text, specialTokens: .parsedIn(rendered.trustedRanges), addBoundaryTokens: false)
        // Most templates write the BOS token themselves; where one does not, the vocabulary's rule holds.
        if tokenizer.vocabulary.addsBOS, let bos = tokenizer.vocabulary.bos, tokens.first != bos {
            tokens.insert(bos, at: 0)
        }
        return Prompt(
            tokens: tokens, hasReasoning: template.mentionsReasoning,
            startsInsideReasoning: rendered.endsInsideReasoning)
    }

    /// The prompt of a bare text, boundary tokens as the vocabulary wants them.
    /// - Parameter specialTokens: where special tokens are recognised; in a client's text, nowhere.
    public func prompt(text: String, specialTokens: SpecialTokens = .plainText) -> Prompt {
        Prompt(tokens: tokenizer.encode(text, specialTokens: specialTokens, addBoundaryTokens: true))
    }

    /// Starts a turn. Its events come as the engine computes them; dropping the stream ends the turn within one step.
    /// - Throws: `emptyPrompt`, `contextLengthExceeded` or `invalidSampling`, before anything is computed.
    public func generate(
        _ prompt: Prompt, options: GenerationOptions = GenerationOptions()
    ) throws(InferenceError) -> GenerationStream {
        guard !prompt.tokens.isEmpty else { throw .emptyPrompt }
        let room = information.contextLength - prompt.tokens.count
        guard room > 0 else {
            throw .contextLengthExceeded(
                prompt: prompt.tokens.count, generate: options.maximumTokens ?? 1, limit: information.contextLength)
        }
        let sampler: Sampler
        do {
            sampler = try Sampler(options.sampling, vocabularySize: information.vocabularySize)
        } catch {
            throw .invalidSampling(reason: "\(error)")
        }
        let (stream, continuation) = GenerationStream.makeStream()
        let cancellation = Cancellation()
        continuation.onTermination = { [engine] termination in
            guard case .cancelled = termination else { return }
            cancellation.cancel()
            engine.noticeCancellation()
        }
        engine.submit(
            TurnRequest(
                prompt: prompt, options: options, maximumTokens: min(max(options.maximumTokens ?? room, 1), room),
                sampler: sampler,
                text: TurnText(
                    tokenizer, stopStrings: options.stopStrings,
                    reasoning: prompt.hasReasoning
                        ? ReasoningParser(startsInside: prompt.startsInsideReasoning) : nil,
                    includesReasoning: options.includesReasoning),
                submitted: .now, cancellation: cancellation, continuation: continuation))
        return stream
    }

    /// Ends the engine: running turns are cut with `stopped`, and KV cache and scratch go back to the system before this
    /// returns. The weights' mapping goes with the last reference to the model.
    public func unload() async {
        await engine.stop()
    }
}

/// What of a load runs beside the reading of the weights.
private struct LoadedParts {
    let tokenizer: Tokenizer
    let template: ChatTemplate?

    init(_ plan: LoadPlan, progress: @escaping @Sendable (Double) -> Void) throws(InferenceError) {
        let result = Mutex<Result<LoadedParts, InferenceError>?>(nil)
        DispatchQueue.concurrentPerform(iterations: 2) { part in
            if part == 0 {
                plan.model.file.prefetch()
                progress(0.5)
            } else {
                let parts = Result<LoadedParts, InferenceError> { () throws(InferenceError) in try LoadedParts(plan) }
                result.withLock { $0 = parts }
                progress(0.5)
            }
        }
        guard let parts = try result.withLock({ $0 })?.get() else { preconditionFailure("both parts have run") }
        self = parts
    }

    private init(_ plan: LoadPlan) throws(InferenceError) {
        let name = plan.information.name
        do {
            tokenizer = try Tokenizer(plan.vocabulary)
        } catch {
            throw .unsupportedModel(name: name, reason: "\(error)")
        }
        guard tokenizer.count <= plan.information.vocabularySize else {
            throw .unsupportedModel(
                name: name,
                reason: "the tokeniser has \(tokenizer.count) tokens and the embedding "
                    + "\(plan.information.vocabularySize) rows; convert the model again")
        }
        let text = { [tokenizer] (token: Token?) in token.map { tokenizer.piece(of: $0) } ?? "" }
        let vocabulary = plan.vocabulary
        template = try plan.model.file.metadata.string(MetadataKey.chatTemplate).map { source throws(InferenceError) in
            try ChatTemplate(source, beginText: text(vocabulary.bos), endText: text(vocabulary.eos))
        }
    }
}
