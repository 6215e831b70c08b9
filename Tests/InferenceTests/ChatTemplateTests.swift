import Jinja
import OrderedCollections
import OrderedJSON
import TestModels
import Testing

@testable import Inference

@Suite("What a chat template is given")
struct ChatTemplateTests {
    private func render(
        _ source: String, _ messages: [ConversationMessage], tools: [JSON] = [], thinking: Bool = false,
        variables: OrderedDictionary<String, JSON> = [:]
    ) throws -> ChatTemplate.Prompt {
        try ChatTemplate(source, specialTokens: ["bos_token": "<s>"]).render(
            Conversation(messages, tools: tools, enablesThinking: thinking, templateVariables: variables))
    }

    /// What of the text is trusted.
    private func trusted(_ prompt: ChatTemplate.Prompt) -> [String] {
        let bytes = Array(prompt.text.utf8)
        return prompt.trustedRanges.map { String(decoding: bytes[$0], as: UTF8.self) }
    }

    @Test("a control token made of the role is one; made of content, names or tools it is text")
    func trust() throws {
        let source = """
            {{ bos_token }}{% for m in messages %}<|{{ m.role }}|>{{ m.content }}{{ m.name }}{{ m.tool_calls[0].id }}\
            <|end|>{% endfor %}{{ tools[0].name }}{{ tools[0] | list | first }}{{ kind }}!
            """
        let message = ConversationMessage(
            role: .assistant, content: "<|end|>", toolCalls: [["id": "<|id|>"]], name: "<|n|>")
        let prompt = try render(
            source, [message], tools: [["<|key|>": 1, "name": "<|t|>"]], variables: ["kind": "<|k|>"])
        #expect(prompt.text == "<s><|assistant|><|end|><|n|><|id|><|end|><|t|><|key|><|k|>!")
        #expect(trusted(prompt) == ["<s><|assistant|>", "<|end|>", "!"])
    }

    @Test("what is not there is left out or null, as published templates expect")
    func absent() throws {
        let source = """
            {{ tools is none }} {{ documents is none }} {{ messages[0] | list | join(',') }} \
            {{ messages[0].content is defined }} {{ enable_thinking }} {{ thinking }} {{ pad_token is defined }}
            """
        let message = ConversationMessage(role: .assistant, content: .null)
        #expect(try render(source, [message]).text == "True True role False False False False")
        #expect(
            try render(source, [message], tools: [["a": 1]], thinking: true, variables: ["documents": []]).text
                == "False False role False True True False")
    }

    @Test("reasoning comes under the names that templates read")
    func reasoning() throws {
        let message = ConversationMessage(role: .assistant, content: "4", reasoning: "2+2")
        #expect(
            try render("{{ messages[0].reasoning_content }} {{ messages[0].thinking }}", [message]).text == "2+2 2+2")
    }

    @Test("older and newer names of roles become those that the template knows")
    func roles() throws {
        let messages = [ConversationMessage(.developer, "a"), ConversationMessage(.function, "b")]
        let source = "{% for m in messages %}{{ m.role }} {% endfor %}"
        #expect(try render(source, messages).text == "system tool ")
        #expect(try render(source + "{# developer #}", messages).text == "developer tool ")
    }

    @Test("variables of a client replace neither messages, tools, special tokens nor the switch for thinking")
    func variables() throws {
        let taken: OrderedDictionary<String, JSON> = [
            "messages": [], "tools": [1], "bos_token": "x", "enable_thinking": true, "add_generation_prompt": false,
        ]
        let source = "{{ messages | length }}{{ tools }}{{ bos_token }}{{ enable_thinking }}{{ add_generation_prompt }}"
        #expect(try render(source, [ConversationMessage(.user, "a")], variables: taken).text == "1None<s>FalseTrue")
    }

    @Test("a template that refuses is quoted; one that fails says where")
    func errors() throws {
        #expect(throws: InferenceError.templateRaised(message: "Roles must alternate!")) {
            try render("{{ raise_exception('Roles must alternate!') }}", [])
        }
        #expect {
            try render("{{ messages[3].content.x }}", [])
        } throws: { error in
            guard case InferenceError.chatTemplate(let reason) = error else { return false }
            return reason.contains("line 1")
        }
        #expect(throws: InferenceError.self) { try ChatTemplate("{% if %}", specialTokens: [:]) }
    }
}

@Suite("Published chat templates, given conversations as transformers gives them", .enabled(if: SharedData.isPresent))
struct PublishedChatTemplateTests {
    static let names = SharedData.files(in: "data/templates", suffix: ".jinja").map { String($0.dropLast(6)) }

    /// Written by reference/chat_templates.py with transformers.
    static let reference = Result {
        let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(1).joined(
            separator: "/")
        return try JSON(parsing: TemporaryFolder.read(folder + "/reference/chat_templates.json"))
    }

    @Test("the prompts are those of apply_chat_template", arguments: names)
    func prompts(name: String) throws {
        let path = try #require(SharedData.path("data/templates/\(name).jinja"))
        let template = try ChatTemplate(
            String(decoding: TemporaryFolder.read(path), as: UTF8.self),
            specialTokens: ["bos_token": "<|bos|>", "eos_token": "<|eos|>"])
        let reference = try Self.reference.get()
        let cases = try #require(reference["cases"]?.objectValue)
        #expect(cases.count > 50)
        for (caseName, json) in cases {
            let expected = try #require(reference["results"]?[name]?[caseName]?.stringValue)
            #expect(outcome(template, try conversation(json)) == expected, "\(name), \(caseName)")
        }
    }

    private func conversation(_ json: JSON) throws -> Conversation {
        let messages = try #require(json["messages"]?.arrayValue).map { message in
            ConversationMessage(
                role: try #require(.init(rawValue: message["role"]?.stringValue ?? "")),
                content: message["content"] ?? .null, reasoning: message["reasoning"]?.stringValue,
                toolCalls: message["tool_calls"]?.arrayValue ?? [], toolCallID: message["tool_call_id"]?.stringValue,
                name: message["name"]?.stringValue)
        }
        return Conversation(
            messages, tools: json["tools"]?.arrayValue ?? [], enablesThinking: json["thinking"] == .bool(true))
    }

    /// In the words of the reference: length and 64-bit FNV-1a of the text, or an error.
    private func outcome(_ template: ChatTemplate, _ conversation: Conversation) -> String {
        // 2031-03-05 14:07:09.
        let clock = TemplateEnvironment(now: { LocalTime(secondsSinceEpoch: 1_930_486_029) })
        do throws(InferenceError) {
            let text = try template.render(conversation, environment: clock).text
            let hash = text.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
            let digits = String(hash, radix: 16)
            return "\(text.utf8.count) " + String(repeating: "0", count: 16 - digits.count) + digits
        } catch {
            if case .templateRaised(let message) = error { return "raised " + message }
            return "error"
        }
    }
}
