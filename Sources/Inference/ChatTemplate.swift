internal import Jinja
internal import OrderedCollections
internal import OrderedJSON

/// A model's own chat template, ready to render conversations.
///
/// It is given what transformers' `apply_chat_template` gives: null fields of messages left out, reasoning under each name
/// that templates read, `tools` and `documents` null where there are none.
struct ChatTemplate: Sendable {
    private let template: Template
    private let specialTokens: [String: String]
    /// Whether the template knows OpenAI's newer name for the system's role.
    private let knowsDeveloper: Bool
    /// Whether the template knows a reasoning span, so that `<think>` in the model's output is one.
    let mentionsReasoning: Bool

    /// A conversation as the template wrote it.
    struct Prompt {
        /// The whole text.
        var text: String
        /// UTF-8 ranges that the template itself wrote: only there are special tokens recognised.
        var trustedRanges: [Range<Int>]
        /// Whether the text ends inside a reasoning span that the template has opened.
        var endsInsideReasoning: Bool
    }

    /// Parses a template.
    /// - Parameters:
    ///   - source: `tokenizer.chat_template`.
    ///   - specialTokens: texts of the vocabulary's special tokens by the names that templates know: `bos_token` …
    init(_ source: String, specialTokens: [String: String]) throws(InferenceError) {
        do {
            template = try Template(source)
        } catch {
            throw .chatTemplate(reason: "\(error)")
        }
        self.specialTokens = specialTokens
        knowsDeveloper = source.contains("developer")
        mentionsReasoning = Self.mentionsReasoning(source)
    }

    /// Whether a template knows a reasoning span.
    static func mentionsReasoning(_ source: String) -> Bool {
        source.contains("<think>") || source.contains("</think>")
    }

    /// Whether a template reads the tools of a conversation.
    static func mentionsTools(_ source: String) -> Bool {
        source.contains("tools")
    }

    /// Renders a conversation, the model's turn opened at its end.
    /// - Throws: `templateRaised` with the template's own words, or `chatTemplate`.
    func render(
        _ conversation: Conversation, environment: TemplateEnvironment = .init()
    ) throws(InferenceError) -> Prompt {
        do {
            let rendered = try template.render(variables(conversation), environment: environment)
            return Prompt(
                text: rendered.text, trustedRanges: rendered.trustedRanges,
                endsInsideReasoning: mentionsReasoning && Self.endsInsideReasoning(rendered.text))
        } catch  where error.kind == .raised {
            throw .templateRaised(message: error.message)
        } catch {
            throw .chatTemplate(reason: "\(error)")
        }
    }

    private func variables(_ conversation: Conversation) -> [String: TemplateValue] {
        let thinks = TemplateValue(.bool(conversation.enablesThinking), trusted: true)
        // Templates have two names for the one switch.
        var variables: [String: TemplateValue] = [
            "documents": TemplateValue(.null, trusted: true), "enable_thinking": thinks, "thinking": thinks,
        ]
        for (key, value) in conversation.templateVariables {
            variables[key] = TemplateValue(value, trusted: false)
        }
        variables["enable_thinking"] = thinks
        variables["messages"] = TemplateValue(
            conversation.messages.map { $0.templateValue(knowsDeveloper: knowsDeveloper) })
        variables["tools"] = TemplateValue(
            conversation.tools.isEmpty ? .null : .array(conversation.tools), trusted: false)
        variables["add_generation_prompt"] = TemplateValue(.bool(true), trusted: true)
        for (name, text) in specialTokens {
            variables[name] = TemplateValue(.string(text), trusted: true)
        }
        return variables
    }

    private static func endsInsideReasoning(_ text: String) -> Bool {
        text.utf8.reversed().drop { $0 == 0x20 || $0 == 0x0A }.starts(with: "<think>".utf8.reversed())
    }
}
