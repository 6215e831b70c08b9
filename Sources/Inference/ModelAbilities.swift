public import GGUF
internal import Tokenization

/// What a model can do beyond going on with a text, told from its file's header alone.
public struct ModelAbilities: Sendable, Hashable {
    /// Whether its chat template shows it tools.
    public var hasTools: Bool
    /// Whether its chat template knows a reasoning span.
    public var hasReasoning: Bool
    /// Whether it can fill a gap between a prefix and a suffix.
    public var canFillIn: Bool
    /// Whether it was made to give embeddings, and not to go on with a text at all.
    public var isForEmbeddings: Bool

    /// Reads a header. What is broken in it counts as missing: whether the model loads is for `LoadPlan` to say.
    public init(_ file: GGUFFile) {
        let metadata = file.metadata
        let template = metadata.string(MetadataKey.chatTemplate) ?? ""
        hasTools = ChatTemplate.mentionsTools(template)
        hasReasoning = ChatTemplate.mentionsReasoning(template)
        canFillIn = (try? Vocabulary(metadata)).flatMap { FillInTokens(metadata, $0) } != nil
        let architecture = metadata.string(MetadataKey.architecture) ?? ""
        isForEmbeddings = metadata.integer(MetadataKey.poolingType(architecture)).flatMap(Pooling.init) != nil
    }
}
