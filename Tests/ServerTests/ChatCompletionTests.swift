import HTTPTypes
import OrderedJSON
import Residency
import Sampling
import Synchronization
import Testing

@testable import Inference
@testable import Server

@Suite(.timeLimit(.minutes(1))) struct ChatCompletionTests {
    @Test func `a named model is loaded and answers under its own id`() async throws {
        let fixture = try ServerFixture()
        try await fixture.test { caller in
            let answer = try await caller.chat("alpha")
            #expect(answer.status == 200)
            #expect(answer.json?["model"] == "alpha")
            #expect(answer.json?["object"] == "chat.completion")
            #expect(answer.json?["id"]?.stringValue?.hasPrefix("chatcmpl-") == true)
            #expect(answer.json?["choices"]?[0]?["message"]?["content"] == "I am alpha")
            #expect(answer.json?["choices"]?[0]?["message"]?["reasoning_content"] == nil)
            #expect(answer.json?["choices"]?[0]?["finish_reason"] == "stop")
            #expect(answer.json?["usage"]?["total_tokens"] == 8)
            #expect(answer.json?["usage"]?["prompt_tokens_details"]?["cached_tokens"] == 2)
            #expect(answer.header("x-conifer-model") == "alpha")
            #expect(answer.header("x-conifer-fallback") == nil)
        }
        #expect(fixture.engine.log == ["check alpha", "load alpha"])
    }

    @Test(arguments: ["gpt-4o", "", "../x.gguf", "/etc/passwd", "file:///etc/passwd"])
    func `an unknown name is answered by the resident model, and says so`(name: String) async throws {
        let fixture = try ServerFixture()
        try await fixture.test { caller in
            _ = try await caller.chat("beta")
            let answer = try await caller.chat(name)
            #expect(answer.status == 200 && answer.json?["model"] == "beta")
            #expect(answer.header("x-conifer-fallback") == "unknown-model")
        }
        #expect(fixture.engine.log == ["check beta", "load beta"])
    }

    @Test func `no name and nothing resident: the default model answers`() async throws {
        let first = try ServerFixture()
        let answer = try await first.test { try await $0.chat(nil) }
        #expect(answer.json?["model"] == "alpha")
        let chosen = try ServerFixture { $0.defaultModel = "beta" }
        let other = try await chosen.test { try await $0.chat("whatever") }
        #expect(other.json?["model"] == "beta")
    }

    @Test func `an alias, another case and a tag resolve to the entry's id`() async throws {
        try await ServerFixture().test { caller in
            for name in ["alpha-alias", "ALPHA", "alpha:latest"] {
                let answer = try await caller.chat(name)
                #expect(answer.json?["model"] == "alpha" && answer.header("x-conifer-fallback") == nil)
            }
        }
    }

    @Test func `an empty catalog is a 503 that says what to do`() async throws {
        let answer = try await ServerFixture(models: []).test { try await $0.chat("x") }
        #expect(answer.status == 503)
        #expect(answer.json?["error"]?["message"]?.stringValue?.contains("conifer add") == true)
    }

    @Test func `naming another model swaps`() async throws {
        let fixture = try ServerFixture()
        try await fixture.test { caller in
            _ = try await caller.chat("alpha")
            let answer = try await caller.chat("beta")
            #expect(answer.json?["choices"]?[0]?["message"]?["content"] == "I am beta")
        }
        #expect(fixture.engine.log == ["check alpha", "load alpha", "check beta", "unload alpha", "load beta"])
    }

    @Test func `a stream has the role, the pieces, the finish and DONE, under one identity`() async throws {
        let answer = try await ServerFixture().test { try await $0.chat("alpha", "\"stream\":true") }
        #expect(answer.status == 200)
        #expect(answer.header("content-type") == "text/event-stream")
        #expect(answer.header("x-conifer-model") == "alpha")
        let events = answer.events
        #expect(events.count == 5)
        #expect(events.last == "[DONE]")
        let deltas = events.dropLast().map { $0["choices"]?[0]?["delta"] }
        #expect(deltas == [["role": "assistant", "content": ""], ["content": "I am "], ["content": "alpha"], [:]])
        #expect(events[3]["choices"]?[0]?["finish_reason"] == "stop")
        #expect(Set(events.dropLast().map { $0["id"] }).count == 1)
        #expect(events.dropLast().allSatisfy { $0["model"] == "alpha" && $0["usage"] == nil })
    }

    @Test func `a stream carries the usage only if it was asked for`() async throws {
        let answer = try await ServerFixture().test {
            try await $0.chat("alpha", #""stream":true,"stream_options":{"include_usage":true}"#)
        }
        let events = answer.events
        #expect(events.count == 6)
        #expect(events[4]["choices"] == [] && events[4]["usage"]?["completion_tokens"] == 3)
        #expect(events[0]["usage"] == .null)
    }

    @Test func `thinking is shown only if it was asked for`() async throws {
        try await ServerFixture().test { caller in
            let answer = try await caller.chat("alpha", #""enable_thinking":true"#)
            #expect(answer.json?["choices"]?[0]?["message"]?["reasoning_content"] == "hm")
            let stream = try await caller.chat("alpha", #""enable_thinking":true,"stream":true"#)
            #expect(stream.events[1]["choices"]?[0]?["delta"] == ["reasoning_content": "hm"])
        }
    }

    @Test func `several answers come from one lease, each with its own seed`() async throws {
        let fixture = try ServerFixture()
        try await fixture.test { caller in
            let answer = try await caller.chat("alpha", #""n":3,"seed":7"#)
            #expect(answer.json?["choices"]?.arrayValue?.count == 3)
            #expect(answer.json?["usage"]?["completion_tokens"] == 9)
            let stream = try await caller.chat("alpha", #""n":2,"stream":true"#)
            let indices = stream.events.compactMap { $0["choices"]?[0]?["index"]?.integerValue }
            #expect(Set(indices) == [0, 1])
        }
        #expect(fixture.engine.turns.prefix(3).map(\.options.sampling.seed) == [7, 8, 9])
    }

    @Test func `the fields reach the engine, and the defaults are conifer's`() async throws {
        let fixture = try ServerFixture()
        try await fixture.test { caller in
            _ = try await caller.chat("alpha")
            _ = try await caller.chat(
                "alpha", #""temperature":0.5,"top_p":7,"max_tokens":9,"stop":["x"],"seed":-1,"logit_bias":{"5":-100}"#)
        }
        let options = fixture.engine.turns.map(\.options)
        #expect(try options[0].sampling == SamplingParameters())
        #expect(options[0].maximumTokens == 512 && options[0].stopStrings == [])
        #expect(options[1].maximumTokens == 9 && options[1].stopStrings == ["x"])
        #expect(options[1].sampling.temperature == 0.5 && options[1].sampling.topP == 1)
        #expect(options[1].sampling.logitBias == [5: -100] && options[1].sampling.seed == .max)
    }

    @Test(arguments: [
        (#""keep_alive":"5 minutes""#, "keep_alive"), (#""keep_alive":true"#, "keep_alive"),
        (#""keep_alive":"""#, "keep_alive"), (#""keep_alive":[]"#, "keep_alive"),
        (#""options":{"keep_alive":"1d"}"#, "keep_alive"), (#""temperature":3"#, "temperature"),
        (#""temperature":-1"#, "temperature"), (#""max_tokens":0"#, "max_tokens"), (#""stream":1"#, "stream"),
        (#""presence_penalty":9"#, "presence_penalty"), (#""frequency_penalty":-3"#, "frequency_penalty"),
        (#""repetition_penalty":0"#, "repetition_penalty"), (#""repeat_penalty":11"#, "repeat_penalty"),
        (#""logit_bias":{"5":101}"#, "logit_bias"), (#""top_logprobs":2"#, "top_logprobs"),
        (#""response_format":{"type":"json_object"}"#, "response_format"),
        (#""tool_choice":"required""#, "tool_choice"),
        (#""n":17"#, "n"),
    ])
    func `what is wrong is a 400 that names it, before anything is loaded`(members: String, field: String) async throws
    {
        let fixture = try ServerFixture()
        let answer = try await fixture.test { try await $0.chat("alpha", members) }
        #expect(answer.status == 400)
        #expect(answer.json?["error"]?["param"] == .string(field))
        #expect(answer.json?["error"]?["type"] == "invalid_request_error")
        #expect(fixture.engine.log == [])
    }

    @Test(arguments: ["{", "nonsense", "[]", "", "{\"messages\":1e400}"])
    func `a body that is no request is a 400`(body: String) async throws {
        let answer = try await ServerFixture().test { try await $0.post("/v1/chat/completions", body) }
        #expect(answer.status == 400)
        #expect(answer.json?["error"]?["message"]?.stringValue?.isEmpty == false)
    }

    @Test func `a prompt that is too long is a 400 with both numbers`() async throws {
        try await ServerFixture().test { caller in
            for members in ["\"max_tokens\":7", "\"max_tokens\":7,\"stream\":true"] {
                let answer = try await caller.chat("alpha", members, content: "too long")
                #expect(answer.status == 400)
                #expect(answer.json?["error"]?["code"] == "context_length_exceeded")
                #expect(
                    answer.json?["error"]?["message"]
                        == .string(
                            "This model's maximum context length is 128 tokens, but the request exceeds the available "
                                + "context size (1000 prompt tokens + 7 to generate)."))
            }
        }
    }

    @Test func `a template that refuses is a 400 with its own words`() async throws {
        let answer = try await ServerFixture().test { try await $0.chat("alpha", content: "refuse me") }
        #expect(answer.status == 400)
        #expect(answer.json?["error"]?["message"]?.stringValue?.contains("roles must alternate") == true)
    }

    @Test func `a model that does not fit is a 507 with the numbers, and the resident one stays`() async throws {
        let fixture = try ServerFixture()
        fixture.engine.script.withLock { $0.brokenChecks["beta"] = .insufficientMemory(needed: 999, budget: 5) }
        try await fixture.test { caller in
            _ = try await caller.chat("alpha")
            let answer = try await caller.chat("beta")
            #expect(answer.status == 507)
            #expect(answer.json?["error"]?["message"]?.stringValue?.contains("999") == true)
            #expect(answer.header("x-should-retry") == "false")
            #expect(fixture.status.resident?.model.name == "alpha")
        }
    }

    @Test func `a broken model is a 500 that names it, and the server lives on`() async throws {
        let fixture = try ServerFixture()
        fixture.engine.script.withLock {
            $0.brokenLoads["beta"] = .unsupportedModel(name: "beta", reason: "tensor 'x' has type 99")
        }
        try await fixture.test { caller in
            let answer = try await caller.chat("beta")
            #expect(answer.status == 500)
            #expect(answer.json?["error"]?["message"]?.stringValue?.contains("tensor 'x' has type 99") == true)
            #expect(answer.header("x-should-retry") == "false")
            #expect(!answer.text.contains("/secret"))
            let next = try await caller.chat("alpha")
            #expect(next.status == 200)
        }
    }

    @Test func `an error in the middle of a stream is its last event`() async throws {
        let fixture = try ServerFixture()
        fixture.engine.holdTurns(of: "alpha")
        let answer = try await fixture.test { caller in
            async let answer = caller.chat("alpha", "\"stream\":true")
            try await fixture.eventually { fixture.engine.turns.count == 1 }
            fixture.engine.turns[0].say("so far")
            fixture.engine.turns[0].fail(.engine(reason: "a device is gone"))
            return try await answer
        }
        #expect(answer.status == 200)
        let last = try #require(answer.events.last)
        #expect(last["error"]?["message"]?.stringValue?.contains("a device is gone") == true)
        #expect(!answer.text.contains("[DONE]"))
    }

    @Test func `a queue that is full is a 503 with Retry-After`() async throws {
        let fixture = try ServerFixture { $0.maxQueue = 1 }
        fixture.engine.holdLoads(of: "alpha")
        try await fixture.test { caller in
            async let first = caller.chat("alpha")
            try await fixture.eventually { fixture.status.queuedTurns == 1 }
            let refused = try await caller.chat("alpha")
            #expect(refused.status == 503)
            #expect(refused.header("retry-after") == "1")
            fixture.engine.finishLoad(of: "alpha")
            #expect(try await first.status == 200)
        }
    }

    @Test func `log-probabilities come with the text that they are of, whole and streamed`() async throws {
        let fixture = try ServerFixture()
        fixture.engine.holdTurns(of: "alpha")
        let score = TokenLogProbability(
            token: 5, bytes: [0x61], logProbability: -0.5,
            alternatives: [.init(token: 6, bytes: [0x62], logProbability: -1)])
        for isStreamed in [false, true] {
            let answer = try await fixture.test { caller in
                async let answer = caller.chat("alpha", #""logprobs":true,"top_logprobs":1,"stream":\#(isStreamed)"#)
                try await fixture.eventually { fixture.engine.turns.count == (isStreamed ? 2 : 1) }
                let turn = try #require(fixture.engine.turns.last)
                #expect(turn.options.logProbabilities == 1 && !turn.options.scoresPrompt)
                turn.say("a", [score])
                turn.finish()
                return try await answer
            }
            let choice = (isStreamed ? answer.events[1] : answer.json)?["choices"]?[0]
            #expect(
                choice?["logprobs"]?.serialized()
                    == #"{"content":[{"token":"a","logprob":-0.5,"bytes":[97],"top_logprobs":"#
                    + #"[{"token":"b","logprob":-1.0,"bytes":[98]}]}],"refusal":null}"#)
        }
    }

    @Test func `a bias for a token that the model does not have is a 400`() async throws {
        let answer = try await ServerFixture().test { try await $0.chat("alpha", #""logit_bias":{"100":-1}"#) }
        #expect(answer.status == 400 && answer.json?["error"]?["param"] == "logit_bias")
    }

    @Test func `an assistant that only calls tools says nothing, rather than null, to its template`() async throws {
        let answer = try await ServerFixture().test {
            try await $0.post(
                "/v1/chat/completions",
                #"""
                {"model":"alpha","messages":[{"role":"user","content":"x"},{"role":"assistant","content":null,
                 "tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]}]}
                """#)
        }
        // The model without weights takes no content that is not a string.
        #expect(answer.status == 200)
    }
}
