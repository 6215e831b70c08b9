import OrderedJSON
import Sampling
import Testing

@testable import Inference
@testable import Server

/// What `/api/generate` makes of its own fields.
@Suite(.timeLimit(.minutes(1))) struct OllamaGenerateTests {
    /// What the model was asked to go on with.
    func input(_ members: String, model: String = "alpha") async throws -> [PromptInput] {
        let fixture = try ServerFixture(models: ["alpha", "plain"])
        try await fixture.test { caller in
            let answer = try await caller.post("/api/generate", #"{"model":"\#(model)",\#(members)}"#)
            #expect(answer.status == 200, "\(answer.text)")
        }
        return fixture.engine.inputs
    }

    func conversation(system: String? = nil, thinking: Bool = true) -> Conversation {
        let messages = system.map { [ConversationMessage(.system, $0)] } ?? []
        return Conversation(messages + [ConversationMessage(.user, "p")], enablesThinking: thinking)
    }

    @Test func `prompt and system make a conversation, raw goes as it is`() async throws {
        #expect(try await input(#""prompt":"p""#) == [.conversation(conversation())])
        #expect(
            try await input(#""prompt":"p","system":"s","think":false"#)
                == [.conversation(conversation(system: "s", thinking: false))])
        #expect(try await input(#""prompt":"p","raw":true"#) == [.text("p")])
        #expect(try await input(#""prompt":"p","raw":true,"system":"","template":"","context":[]"#) == [.text("p")])
    }

    @Test func `a gap is filled, even at the beginning of a text`() async throws {
        #expect(try await input(#""prompt":"p","suffix":"s""#) == [.fillIn(prefix: "p", suffix: "s")])
        #expect(try await input(#""prompt":"p","suffix":"s","raw":true"#) == [.fillIn(prefix: "p", suffix: "s")])
        #expect(try await input(#""suffix":"s""#) == [.fillIn(prefix: "", suffix: "s")])
    }

    @Test func `a model without a chat template goes on from the prompt's text`() async throws {
        #expect(
            try await input(#""prompt":"p""#, model: "plain") == [.conversation(conversation()), .text("p")])
    }

    @Test func `the context comes out, and comes before what follows when it is sent back`() async throws {
        let fixture = try ServerFixture()
        try await fixture.test { caller in
            let first = try await caller.post("/api/generate", #"{"model":"alpha","prompt":"p"}"#)
            let context = try #require(first.lines.last?["context"])
            #expect(context == [1, 1, 1, 1, 1, 7, 8, 9])
            #expect(first.lines.dropLast().allSatisfy { $0["context"] == nil })
            let body = #"{"model":"alpha","prompt":"p","stream":false,"context":\#(context.serialized())}"#
            let second = try await caller.post("/api/generate", body)
            #expect(second.json?["context"] == [1, 1, 1, 1, 1, 7, 8, 9, 1, 1, 1, 1, 1, 7, 8, 9])
            let raw = try await caller.post("/api/generate", #"{"model":"alpha","prompt":"p","raw":true}"#)
            #expect(raw.lines.last?["done"] == true && raw.lines.last?["context"] == nil)
            let chat = try await caller.post(
                "/api/chat", #"{"model":"alpha","messages":[{"role":"user","content":"p"}]}"#)
            #expect(chat.lines.last?["context"] == nil)
        }
        #expect(
            fixture.engine.inputs[1] == .conversation(conversation(), after: [1, 1, 1, 1, 1, 7, 8, 9]))
    }

    @Test(arguments: [
        (#""prompt":"p","template":"{{ .Prompt }}""#, "template"), (#""prompt":"p","images":["eA=="]"#, "images"),
        (#""prompt":"p","raw":true,"system":"s""#, "raw mode does not support template, system, or context"),
        (#""prompt":"p","raw":true,"context":[1]"#, "raw mode does not support template, system, or context"),
        (#""prompt":"p","suffix":"s","context":[1]"#, "suffix"), (#""prompt":"p","context":["a"]"#, "context[0]"),
        (#""prompt":"p","format":"json""#, "format"), (#""prompt":"p","options":{"temperature":9}"#, "temperature"),
        (#""prompt":"p","top_logprobs":21"#, "top_logprobs"),
    ])
    func `what cannot be done is refused before anything is loaded`(members: String, text: String) async throws {
        let fixture = try ServerFixture()
        let answer = try await fixture.test {
            try await $0.post("/api/generate", #"{"model":"alpha",\#(members)}"#)
        }
        #expect(answer.status == 400 && answer.json?["error"]?.stringValue?.contains(text) == true, "\(answer.text)")
        #expect(fixture.engine.log == [])
    }

    @Test func `options reach the sampler, and no limit is none`() async throws {
        let fixture = try ServerFixture()
        try await fixture.test { caller in
            for count in ["-1", "-2", "0", "null", "7"] {
                let body =
                    #"{"model":"alpha","prompt":"p","options":{"num_predict":\#(count),"stop":["a","b"],"seed":5,"#
                    + #""temperature":0.5,"top_k":3,"top_p":0.4,"min_p":0.1,"repeat_penalty":1.5,"repeat_last_n":-1,"#
                    + #""presence_penalty":0.25,"frequency_penalty":0.5,"mirostat":2,"num_gpu":99,"num_ctx":2048}}"#
                try await caller.succeed("/api/generate", body)
            }
        }
        let options = fixture.engine.turns.map(\.options)
        #expect(options.map(\.maximumTokens) == [nil, nil, nil, nil, 7])
        let sampling = options[0].sampling
        #expect(options[0].stopStrings == ["a", "b"] && sampling.seed == 5 && sampling.temperature == 0.5)
        #expect(sampling.topK == 3 && sampling.topP == 0.4 && sampling.minP == 0.1)
        #expect(sampling.repetitionPenalty == 1.5 && sampling.repetitionWindow > 128)
        #expect(sampling.presencePenalty == 0.25 && sampling.frequencyPenalty == 0.5)
    }

    @Test func `without a seed two answers draw differently, with one alike`() async throws {
        let fixture = try ServerFixture()
        try await fixture.test { caller in
            for seed in ["null", "-1", "null", "3", "3"] {
                let body = #"{"model":"alpha","prompt":"p","options":{"seed":\#(seed)}}"#
                try await caller.succeed("/api/generate", body)
            }
        }
        let seeds = fixture.engine.turns.map(\.options.sampling.seed)
        #expect(Set(seeds.prefix(3)).count == 3 && seeds[3] == 3 && seeds[4] == 3)
    }
}
