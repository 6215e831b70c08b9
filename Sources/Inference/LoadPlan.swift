public import GGUF
internal import Tokenization
internal import Transformers

/// A load that is known to be possible: the file's header is read and checked, its architecture and tensor types run
/// here, its vocabulary is whole, and what it needs fits the budget. Making one takes no memory to speak of, so it can
/// be done while another model is resident.
public struct LoadPlan: Sendable {
    /// What the model will be once it is loaded.
    public private(set) var information: ModelInformation
    /// Engine threads.
    public let threads: Int
    /// Turns at once.
    public let parallelTurns: Int

    let model: TransformerModel
    let text: TextParts
    let fillIn: FillInTokens?
    let pooling: Pooling
    /// The most bytes of the KV cache.
    private(set) var cacheBytes: Int
    private let options: LoadOptions

    /// Architectures that run here, as `general.architecture` names them.
    public static var architectures: Set<String> { Set(Family.allCases.map(\.rawValue)) }

    /// Tensor types that run here.
    public static var tensorTypes: Set<TensorType> { TransformerModel.tensorTypes }

    /// Plans a load.
    /// - Parameters:
    ///   - file: the open file; it stays mapped while the plan, or the model made from it, lives.
    ///   - name: the name that the model goes by.
    ///   - reclaimable: bytes that will be given back before this load, by the model that is resident now.
    /// - Throws: `unsupportedModel` or `insufficientMemory`.
    public init(
        _ file: GGUFFile, name: String, options: LoadOptions = LoadOptions(), reclaimable: UInt64 = 0
    ) throws(InferenceError) {
        do {
            model = try TransformerModel(file)
        } catch {
            throw .unsupportedModel(name: name, reason: "\(error)")
        }
        let vocabulary: Vocabulary
        do {
            vocabulary = try Vocabulary(file.metadata)
        } catch {
            throw .unsupportedModel(name: name, reason: "\(error)")
        }
        let metadata = file.metadata
        fillIn = FillInTokens(metadata, vocabulary)
        pooling = Pooling(metadata, architecture: model.hyperparameters.family.rawValue)
        let template = metadata.string(MetadataKey.chatTemplate)
        text = TextParts(
            name: name, vocabulary: vocabulary, vocabularySize: model.hyperparameters.vocabularySize,
            template: template)
        self.options = options
        parallelTurns = min(
            max(options.parallelTurns, Limits.parallelTurns.lowerBound), Limits.parallelTurns.upperBound)
        threads = min(max(options.threads ?? MachineCores().physical, 1), Limits.threads.upperBound)
        let figures = model.memory
        let fit = try Fit(model, options, turns: parallelTurns, reclaimable: reclaimable)
        cacheBytes = fit.cacheBytes
        information = ModelInformation(
            name: name, architecture: model.hyperparameters.family.rawValue,
            parameterCount: file.tensors.reduce(0) { $0 + UInt64($1.dimensions.reduce(1, *)) },
            contextLength: fit.contextLength, trainedContextLength: model.hyperparameters.contextLength,
            vocabularySize: model.hyperparameters.vocabularySize,
            embeddingLength: model.hyperparameters.embedding, hasChatTemplate: template != nil,
            hasTools: template.map(ChatTemplate.mentionsTools) ?? false,
            hasReasoning: template.map(ChatTemplate.mentionsReasoning) ?? false, canFillIn: fillIn != nil,
            memory: MemoryNeed(
                weights: UInt64(figures.weightBytes), cache: UInt64(cacheBytes),
                scratch: UInt64(figures.workspaceBytes)),
            isContextCut: fit.isContextCut)
    }

    /// Begins what of the load needs none of the budget, on other threads: tokeniser and chat template, some megabytes.
    public func begin() {
        text.begin()
    }

    /// The same load, fitted to the memory that there is now.
    /// - Throws: `insufficientMemory`.
    public func fitted() throws(InferenceError) -> LoadPlan {
        let fit = try Fit(model, options, turns: parallelTurns, reclaimable: 0)
        var plan = self
        plan.cacheBytes = fit.cacheBytes
        plan.information.contextLength = fit.contextLength
        plan.information.isContextCut = fit.isContextCut
        plan.information.memory.cache = UInt64(fit.cacheBytes)
        return plan
    }

    /// How much of a KV cache the budget allows.
    private struct Fit {
        let contextLength: Int
        let cacheBytes: Int
        let isContextCut: Bool

        init(
            _ model: TransformerModel, _ options: LoadOptions, turns: Int, reclaimable: UInt64
        ) throws(InferenceError) {
            let figures = model.memory
            let trained = model.hyperparameters.contextLength
            let room = CacheRoom(
                blockBytes: figures.cacheBlockBytes, fixed: UInt64(figures.weightBytes + figures.workspaceBytes),
                budget: options.memoryBudget ?? MemoryBudget.available(reclaiming: reclaimable) ?? UInt64(Int64.max))
            let wanted = min(max(options.contextLength ?? trained, 1), trained)
            contextLength = try room.contextLength(wanted)
            cacheBytes = room.bytes(contextLength: contextLength, turns: turns)
            isContextCut = contextLength < wanted
        }
    }
}
