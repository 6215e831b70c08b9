public import Catalog
public import Inference

/// A loaded model as the server needs it; all it knows of an engine. A test's model needs no weights.
public protocol ServedModel: Sendable {
    /// What the model is.
    var information: ModelInformation { get }

    /// The prompt that an input makes. Takes its time with a long one.
    func prompt(_ input: PromptInput) throws(InferenceError) -> Prompt

    /// Starts a turn. All that can be wrong with the request is thrown here, before anything is computed; dropping the
    /// stream, or cancelling the task that reads it, ends the turn within one step.
    func generate(_ prompt: Prompt, options: GenerationOptions) throws(InferenceError) -> GenerationStream

    /// The embeddings of some prompts, in their order. Cancelling the task ends the work within one step.
    func embed(_ inputs: [Prompt]) async throws -> [Embedding]

    /// The text of some tokens, control tokens left out.
    func text(of tokens: [Int32]) -> String

    /// Gives its memory back; running turns are cut.
    func unload() async
}

/// Turns catalog entries into loaded models.
public protocol ModelEngine: Sendable {
    /// What it loads.
    associatedtype Model: ServedModel

    /// Whether the model could be loaded once so many bytes have been given back, and what it will then be. Throws what
    /// is wrong with its file, or that it does not fit.
    func check(_ reference: ModelReference, reclaimable: UInt64) async throws -> ModelInformation

    /// Loads the model. Its task is cancelled when nobody waits for it any more.
    func load(
        _ reference: ModelReference, progress: @escaping @Sendable (Double) -> Void
    ) async throws -> Model
}
