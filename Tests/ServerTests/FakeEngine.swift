import Catalog
import OrderedJSON
import Sampling
import Synchronization

@testable import Inference
@testable import Server

/// An engine without weights. What a model says, and how long everything takes, is the test's to decide.
final class FakeEngine: ModelEngine {
    struct Script {
        /// Loads of these wait until `finishLoad`.
        var heldLoads: Set<String> = []
        /// Unloads wait while this is set.
        var holdsUnloads = false
        var brokenChecks: [String: InferenceError] = [:]
        var brokenLoads: [String: InferenceError] = [:]
        /// What has happened, in order.
        var log: [String] = []
        /// Turns of these models say nothing until `say` and `finish`.
        var heldTurns: Set<String> = []
        var turns: [FakeTurn] = []
        /// Models without tokens for filling a gap.
        var withoutFillIn: Set<String> = []
        /// What every embedding is; nil: a unit vector along the axis that the prompt's length says.
        var vector: [Float]?
        /// What the models were asked to go on with.
        var inputs: [PromptInput] = []
        /// Turns whose client has gone.
        var cancelledTurns = 0
    }

    let script = Mutex(Script())

    var log: [String] { script.withLock { $0.log } }
    var cancelledTurns: Int { script.withLock { $0.cancelledTurns } }
    var turns: [FakeTurn] { script.withLock { $0.turns } }
    var inputs: [PromptInput] { script.withLock { $0.inputs } }

    func note(_ line: String) { script.withLock { $0.log.append(line) } }

    /// Loads of the model wait from now on.
    func holdLoads(of model: String) { script.withLock { _ = $0.heldLoads.insert(model) } }
    /// They wait no longer.
    func finishLoad(of model: String) { script.withLock { _ = $0.heldLoads.remove(model) } }
    /// Turns of the model wait for the test from now on.
    func holdTurns(of model: String) { script.withLock { _ = $0.heldTurns.insert(model) } }

    func check(_ reference: ModelReference, reclaimable: UInt64) async throws -> ModelInformation {
        note("check \(reference.name)")
        if let error = script.withLock({ $0.brokenChecks[reference.name] }) { throw error }
        return Self.information(reference.name)
    }

    func load(
        _ reference: ModelReference, progress: @escaping @Sendable (Double) -> Void
    ) async throws -> FakeModel {
        note("load \(reference.name)")
        progress(0.5)
        while script.withLock({ $0.heldLoads.contains(reference.name) }) {
            try await Task.sleep(for: .milliseconds(1))
        }
        if let error = script.withLock({ $0.brokenLoads[reference.name] }) { throw error }
        var information = Self.information(reference.name)
        information.canFillIn = script.withLock { !$0.withoutFillIn.contains(reference.name) }
        return FakeModel(information: information, engine: self)
    }

    static func information(_ name: String) -> ModelInformation {
        ModelInformation(
            name: name, architecture: "llama", parameterCount: 1_000, contextLength: 128, trainedContextLength: 256,
            vocabularySize: 100, embeddingLength: 4, hasChatTemplate: true, hasTools: true, hasReasoning: true,
            canFillIn: true, memory: MemoryNeed(weights: 10, cache: 20, scratch: 3))
    }
}

/// One turn that the test drives.
final class FakeTurn: Sendable {
    let model: String
    let prompt: Prompt
    let options: GenerationOptions
    private let continuation: GenerationStream.Continuation

    init(
        model: String, prompt: Prompt, options: GenerationOptions, continuation: GenerationStream.Continuation
    ) {
        self.model = model
        self.prompt = prompt
        self.options = options
        self.continuation = continuation
    }

    func say(_ text: String, _ scores: [TokenLogProbability] = []) { continuation.yield(.text(text, scores)) }

    func tell(_ event: GenerationEvent) { continuation.yield(event) }

    func finish(_ reason: FinishReason = .stop) {
        continuation.yield(
            .finished(
                GenerationResult(
                    reason: reason, promptTokens: 5, cachedTokens: 2, completionTokens: 3, tokens: [7, 8, 9])))
        continuation.finish()
    }

    func fail(_ error: InferenceError) { continuation.finish(throwing: error) }
}

/// A model that says its name, in two pieces, unless the test holds its turns.
struct FakeModel: ServedModel {
    let information: ModelInformation
    let engine: FakeEngine

    func prompt(_ input: PromptInput) throws(InferenceError) -> Prompt {
        engine.script.withLock { $0.inputs.append(input) }
        switch input {
        case .conversation(let conversation, let earlier):
            guard let last = conversation.messages.last?.content.stringValue else { throw .emptyPrompt }
            if last == "refuse me" { throw .templateRaised(message: "roles must alternate") }
            if information.name == "plain" { throw .noChatTemplate(name: information.name) }
            let long = conversation.messages.count { $0.content == "long" }
            return Prompt(
                tokens: earlier + Array(repeating: 1, count: last == "too long" ? 1_000 : 5 + 60 * long))
        case .text(let text):
            return Prompt(tokens: text.isEmpty ? [] : text == "too long" ? Array(repeating: 1, count: 1_000) : [1, 2])
        case .tokens(let tokens):
            if let token = tokens.first(where: { !(0..<100 ~= $0) }) {
                throw .unknownToken(token: token, vocabularySize: 100)
            }
            return Prompt(tokens: tokens)
        case .fillIn(let prefix, let suffix):
            guard information.canFillIn else { throw .noFillInTokens(name: information.name) }
            return Prompt(tokens: [97] + prefix.utf8.map { _ in 1 } + [98] + suffix.utf8.map { _ in 2 } + [99])
        }
    }

    /// Waits while the model's turns are held.
    func embed(_ inputs: [Prompt]) async throws -> [Embedding] {
        engine.note("embed \(inputs.count)")
        while engine.script.withLock({ $0.heldTurns.contains(information.name) }) {
            do {
                try await Task.sleep(for: .milliseconds(1))
            } catch {
                engine.script.withLock { $0.cancelledTurns += 1 }
                throw error
            }
        }
        let vector = engine.script.withLock { $0.vector }
        return try inputs.map { input in
            guard !input.tokens.isEmpty else { throw InferenceError.emptyPrompt }
            guard input.tokens.count <= information.contextLength else {
                throw InferenceError.contextLengthExceeded(
                    prompt: input.tokens.count, generate: 0, limit: information.contextLength)
            }
            return Embedding(
                values: vector ?? (0..<information.embeddingLength).map { $0 == input.tokens.count % 4 ? 1 : 0 },
                promptTokens: input.tokens.count)
        }
    }

    func text(of tokens: [Int32]) -> String { tokens.map { "<\($0)>" }.joined() }

    func generate(_ prompt: Prompt, options: GenerationOptions) throws(InferenceError) -> GenerationStream {
        guard !prompt.tokens.isEmpty else { throw .emptyPrompt }
        if let token = options.sampling.logitBias.keys.first(where: { $0 >= information.vocabularySize }) {
            throw .invalidSampling(reason: "logit_bias names token \(token)")
        }
        if prompt.tokens.count > information.contextLength {
            throw .contextLengthExceeded(
                prompt: prompt.tokens.count, generate: options.maximumTokens ?? 1, limit: information.contextLength)
        }
        let (stream, continuation) = GenerationStream.makeStream()
        continuation.onTermination = { [engine] reason in
            if case .cancelled = reason { engine.script.withLock { $0.cancelledTurns += 1 } }
        }
        let turn = FakeTurn(
            model: information.name, prompt: prompt, options: options, continuation: continuation)
        let isHeld = engine.script.withLock { script in
            script.turns.append(turn)
            return script.heldTurns.contains(information.name)
        }
        if !isHeld {
            if options.includesReasoning { continuation.yield(.reasoning("hm")) }
            turn.say("I am ")
            turn.say(information.name)
            turn.finish()
        }
        return stream
    }

    func unload() async {
        engine.note("unload \(information.name)")
        while engine.script.withLock({ $0.holdsUnloads }) { await Task.yield() }
    }
}
