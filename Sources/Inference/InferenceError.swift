/// Why a model could not be loaded, or a turn could not be started or finished.
public enum InferenceError: Error, Sendable, Hashable {
    /// The file is broken, or asks for something this engine cannot run. `reason` names the field and what was found.
    case unsupportedModel(name: String, reason: String)
    /// Weights, KV cache and scratch need more memory than there is. Both in bytes.
    case insufficientMemory(needed: UInt64, budget: UInt64)
    /// The prompt, or the prompt and what is to be generated, exceed the context. All in tokens.
    case contextLengthExceeded(prompt: Int, generate: Int, limit: Int)
    /// The model's chat template refused the conversation, or failed. `reason` is the template's own text.
    case chatTemplate(reason: String)
    /// The model has no chat template, so it cannot hold a conversation.
    case noChatTemplate(name: String)
    /// There is nothing to continue: the prompt has no token.
    case emptyPrompt
    /// The sampling options do not fit this model. `reason` names the option and what was found.
    case invalidSampling(reason: String)
    /// The turn was cut: its model is being unloaded, or the process shuts down.
    case stopped
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
        case .chatTemplate(let reason):
            "the model's chat template refused the conversation: \(reason)"
        case .noChatTemplate(let name):
            "model '\(name)' has no chat template: use a completion endpoint, or register a chat model"
        case .emptyPrompt:
            "the prompt is empty: there is nothing to continue"
        case .invalidSampling(let reason):
            reason
        case .stopped:
            "the turn was stopped before it was complete, because its model is being unloaded"
        case .engine(let reason):
            "the engine failed: \(reason)"
        }
    }
}
