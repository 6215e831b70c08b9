public import Tokenization

extension LanguageModel {
    /// The prompt that an input makes. In a conversation only what the chat template itself wrote can become a control
    /// token.
    /// - Throws: `noChatTemplate`, `templateRaised` or `chatTemplate` for a conversation, `noFillInTokens` for a gap,
    ///   `unknownToken` for tokens; `fileChanged` for all.
    public func prompt(_ input: PromptInput) throws(InferenceError) -> Prompt {
        try checkFile()
        switch input {
        case .conversation(let conversation, let earlier):
            return try prompt(for: conversation, after: earlier)
        case .text(let text):
            return Prompt(tokens: tokenizer.encode(text, specialTokens: .parsed, addBoundaryTokens: true))
        case .tokens(let tokens):
            return Prompt(tokens: try checked(tokens))
        case .fillIn(let prefix, let suffix):
            return try prompt(between: prefix, and: suffix)
        }
    }

    /// The text of some tokens, control tokens left out.
    public func text(of tokens: [Token]) -> String {
        tokenizer.decode(tokens)
    }

    private func prompt(for conversation: Conversation, after earlier: [Token]) throws(InferenceError) -> Prompt {
        guard let template else { throw .noChatTemplate(name: information.name) }
        let earlier = try checked(earlier)
        let rendered = try template.render(conversation)
        var tokens = tokenizer.encode(
            rendered.text, specialTokens: .parsedIn(rendered.trustedRanges), addBoundaryTokens: false)
        if let bos = tokenizer.vocabulary.bos {
            let begins = tokens.first == bos
            if earlier.isEmpty, tokenizer.vocabulary.addsBOS, !begins {
                // Most templates write the BOS token themselves; where one does not, the vocabulary's rule holds.
                tokens.insert(bos, at: 0)
            } else if !earlier.isEmpty, begins {
                tokens.removeFirst()
            }
        }
        return Prompt(
            tokens: earlier + tokens, continuesText: false, hasReasoning: template.mentionsReasoning,
            startsInsideReasoning: rendered.endsInsideReasoning)
    }

    /// Prefix, suffix, then the middle, which is the model's to write: the order that these models were trained with.
    private func prompt(between prefix: String, and suffix: String) throws(InferenceError) -> Prompt {
        guard let fillIn else { throw .noFillInTokens(name: information.name) }
        let plain = { [tokenizer] text in
            tokenizer.encode(text, specialTokens: .plainText, addBoundaryTokens: false)
        }
        var tokens: [Token] = []
        if tokenizer.vocabulary.addsBOS, let bos = tokenizer.vocabulary.bos {
            tokens.append(bos)
        }
        tokens += [fillIn.prefix] + plain(prefix) + [fillIn.suffix] + plain(suffix) + [fillIn.middle]
        return Prompt(tokens: tokens)
    }

    private func checked(_ tokens: [Token]) throws(InferenceError) -> [Token] {
        let size = information.vocabularySize
        if let unknown = tokens.first(where: { $0 < 0 || Int($0) >= size }) {
            throw .unknownToken(token: unknown, vocabularySize: size)
        }
        return tokens
    }
}
