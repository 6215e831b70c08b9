internal import Jinja
internal import OrderedCollections
internal import OrderedJSON

/// A model's own chat template, ready to render conversations.
struct ChatTemplate: Sendable {
    private let template: Template
    private let beginText: String
    private let endText: String
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
    ///   - beginText: the text of the BOS token, or empty.
    ///   - endText: the text of the EOS token, or empty.
    init(_ source: String, beginText: String, endText: String) throws(InferenceError) {
        do {
            template = try Template(source)
        } catch {
            throw .chatTemplate(reason: "\(error)")
        }
        self.beginText = beginText
        self.endText = endText
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
    func render(_ conversation: Conversation) throws(InferenceError) -> Prompt {
        var context: [String: TemplateValue] = [:]
        for (key, value) in conversation.templateVariables {
            context[key] = TemplateValue(value, trusted: false)
        }
        context["messages"] = TemplateValue(.array(conversation.messages.map(\.templateObject)), trusted: false)
        if !conversation.tools.isEmpty {
            context["tools"] = TemplateValue(.array(conversation.tools), trusted: false)
        }
        context["enable_thinking"] = TemplateValue(.bool(conversation.enablesThinking), trusted: true)
        context["add_generation_prompt"] = TemplateValue(.bool(true), trusted: true)
        context["bos_token"] = TemplateValue(.string(beginText), trusted: true)
        context["eos_token"] = TemplateValue(.string(endText), trusted: true)
        do {
            let rendered = try template.render(context)
            return Prompt(
                text: rendered.text, trustedRanges: rendered.trustedRanges,
                endsInsideReasoning: mentionsReasoning && Self.endsInsideReasoning(rendered.text))
        } catch  where error.kind == .raised {
            throw .templateRaised(message: error.message)
        } catch {
            throw .chatTemplate(reason: "\(error)")
        }
    }

    private static func endsInsideReasoning(_ text: String) -> Bool {
        text.utf8.reversed().drop { $0 == 0x20 || $0 == 0x0A }.starts(with: "<think>".utf8.reversed())
    }
}
