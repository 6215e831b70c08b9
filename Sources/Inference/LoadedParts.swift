internal import Dispatch
internal import GGUF
internal import Synchronization
internal import Tokenization
internal import Transformers

/// What of a load runs beside the reading of the weights.
struct LoadedParts {
    let tokenizer: Tokenizer
    let template: ChatTemplate?

    init(
        _ plan: LoadPlan, isCancelled: @escaping @Sendable () -> Bool, progress: @escaping @Sendable (Double) -> Void
    ) throws(InferenceError) {
        let result = Mutex<Result<LoadedParts, InferenceError>?>(nil)
        DispatchQueue.concurrentPerform(iterations: 2) { part in
            if part == 0 {
                plan.model.file.prefetch(isCancelled: isCancelled)
                progress(0.5)
            } else {
                let parts = Result<LoadedParts, InferenceError> { () throws(InferenceError) in try LoadedParts(plan) }
                result.withLock { $0 = parts }
                progress(0.5)
            }
        }
        // Whatever the parts say, they were made of zeros.
        guard !plan.model.file.isDamaged else { throw .fileChanged(name: plan.information.name) }
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
        let named = [
            "bos_token": plan.vocabulary.bos, "eos_token": plan.vocabulary.eos, "pad_token": plan.vocabulary.padding,
            "unk_token": plan.vocabulary.unknown, "sep_token": plan.vocabulary.separator,
        ]
        let specialTokens = named.compactMapValues { [tokenizer] in $0.map { tokenizer.piece(of: $0) } }
        template = try plan.template.map { source throws(InferenceError) in
            try ChatTemplate(source, specialTokens: specialTokens)
        }
    }
}
