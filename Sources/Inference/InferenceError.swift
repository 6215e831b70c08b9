/// Why a model could not be loaded, or a turn could not be started or finished.
public enum InferenceError: Error, Sendable, Hashable {
    /// The file is broken, or asks for something this engine cannot run. `reason` names the field and what was found.
    case unsupportedModel(name: String, reason: String)
    /// Weights, KV cache and scratch need more memory than there is. Both in bytes.
    case insufficientMemory(needed: UInt64, budget: UInt64)
    /// The prompt, or the prompt and what is to be generated, exceed the context. All in tokens.
    case contextLengthExceeded(prompt: Int, generate: Int, limit: Int)
    /// The model's chat template refused the conversation; the message is the template's own.
    case templateRaised(message: String)
    /// The model's chat template is broken, or failed with this conversation. `reason` says where.
    case chatTemplate(reason: String)
    /// The model has no chat template, so it cannot hold a conversation.
    case noChatTemplate(name: String)
    /// The model's vocabulary has no tokens for filling a gap.
    case noFillInTokens(name: String)
    /// A prompt holds a token that the vocabulary does not have.
    case unknownToken(token: Int32, vocabularySize: Int)
    /// There is nothing to continue: the prompt has no token.
    case emptyPrompt
    /// The sampling options do not fit this model. `reason` names the option and what was found.
    case invalidSampling(reason: String)
    /// The turn was cut: its model is being unloaded, or the process shuts down.
    case stopped
    /// The model's file was cut short after it had been loaded: what is left of it cannot be computed with.
    case fileChanged(name: String)
    /// The engine failed in the middle of the turn.
    case engine(reason: String)
}

extension InferenceError: CustomStringConvertible {
    /// One line: what was found, and what to do.
    public var description: String {
        switch self {
        case .unsupportedModel(let name, let reason):
            "model '\(name)' cannot be loaded: \(reason)"
        case .insufficientMemory(let needed, let budget):
            "the model needs \(ByteCount(needed)) (\(needed) bytes) of memory, and the budget is \(ByteCount(budget)) "
                + "(\(budget) bytes): choose a smaller model or quantisation, a smaller --context, or a larger --memory-budget"
        case .contextLengthExceeded(let prompt, let generate, let limit):
            // Clients match on two parts of this sentence ("maximum context length is", "exceeds the available context size").
            "This model's maximum context length is \(limit) tokens, but the request exceeds the available context size "
                + "(\(prompt) prompt tokens + \(generate) to generate)."
        case .templateRaised(let message):
            "the model's chat template refused the conversation: \(message)"
        case .chatTemplate(let reason):
            "the model's chat template failed: \(reason)"
        case .noChatTemplate(let name):
            "model '\(name)' has no chat template: use a completion endpoint, or register a chat model"
        case .noFillInTokens(let name):
            "model '\(name)' cannot fill a gap: its vocabulary has no tokens for that; leave the suffix out, or use a "
                + "model for code"
        case .unknownToken(let token, let vocabularySize):
            "token \(token) does not exist in this model; its tokens are 0 to \(vocabularySize - 1)"
        case .emptyPrompt:
            "the prompt is empty: there is nothing to continue"
        case .invalidSampling(let reason):
            reason
        case .stopped:
            "the turn was stopped before it was complete, because its model is being unloaded"
        case .fileChanged(let name):
            "the file of model '\(name)' has changed under the server, which has it loaded: restore the whole file, or "
                + "register another, then unload the model (conifer stop)"
        case .engine(let reason):
            "the engine failed: \(reason)"
        }
    }
}
