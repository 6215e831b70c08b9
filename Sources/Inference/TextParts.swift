internal import Dispatch
internal import Synchronization
internal import Tokenization

/// What of a load needs no more than the file's header: tokeniser and chat template. They are made once, by whoever asks
/// first.
final class TextParts: Sendable {
    struct Made {
        let tokenizer: Tokenizer
        let template: ChatTemplate?
    }

    private let name: String
    let vocabulary: Vocabulary
    /// Rows of the embedding.
    private let vocabularySize: Int
    private let template: String?
    private let made = Mutex<Result<Made, InferenceError>?>(nil)

    /// Parts that are not made yet.
    init(name: String, vocabulary: Vocabulary, vocabularySize: Int, template: String?) {
        self.name = name
        self.vocabulary = vocabulary
        self.vocabularySize = vocabularySize
        self.template = template
    }

    /// Lets another thread begin.
    func begin() {
        DispatchQueue.global().async { _ = try? self.get() }
    }

    /// The parts. Waits for the thread that makes them, or makes them where none has begun.
    func get() throws(InferenceError) -> Made {
        let result = made.withLock { made in
            let result = made ?? make()
            made = result
            return result
        }
        return try result.get()
    }

    private func make() -> Result<Made, InferenceError> {
        let (tokenizer, template) = concurrently {
            Result { () throws(InferenceError) in try self.makeTokenizer() }
        } _: {
            Result { () throws(InferenceError) in try self.makeTemplate() }
        }
        return Result { () throws(InferenceError) in try Made(tokenizer: tokenizer.get(), template: template.get()) }
    }

    private func makeTokenizer() throws(InferenceError) -> Tokenizer {
        let tokenizer: Tokenizer
        do {
            tokenizer = try Tokenizer(vocabulary)
        } catch {
            throw .unsupportedModel(name: name, reason: "\(error)")
        }
        guard tokenizer.count <= vocabularySize else {
            throw .unsupportedModel(
                name: name,
                reason: "the tokeniser has \(tokenizer.count) tokens and the embedding \(vocabularySize) rows; "
                    + "convert the model again")
        }
        return tokenizer
    }

    private func makeTemplate() throws(InferenceError) -> ChatTemplate? {
        let named = [
            "bos_token": vocabulary.bos, "eos_token": vocabulary.eos, "pad_token": vocabulary.padding,
            "unk_token": vocabulary.unknown, "sep_token": vocabulary.separator,
        ]
        let specialTokens = named.compactMapValues { [pieces = vocabulary.pieces] token in
            token.map { String(decoding: pieces.bytes(Int($0)), as: UTF8.self) }
        }
        return try template.map { source throws(InferenceError) in
            try ChatTemplate(source, specialTokens: specialTokens)
        }
    }
}
