public import Tokenization

/// What a turn continues, as a client puts it.
public enum PromptInput: Sendable, Hashable {
    /// A conversation, by the model's own chat template. `after` holds tokens that come before it: an earlier turn's
    /// prompt and answer.
    case conversation(Conversation, after: [Token] = [])
    /// A text as it is, boundary tokens as the vocabulary wants them. Control tokens in it are recognised: a client that
    /// does without a template writes them itself.
    case text(String)
    /// Tokens as they are.
    case tokens([Token])
    /// What stands around a gap that the model is to fill, for models that have tokens for that.
    case fillIn(prefix: String, suffix: String)
}
