import OrderedJSON
import Residency
import Sampling
import Synchronization
import Testing

@testable import Inference
@testable import Server

@Suite(.timeLimit(.minutes(1))) struct CompletionRouteTests {
    let path = "/v1/completions"

    @Test func `a text is continued without a template, with the defaults of chats`() async throws {
        let fixture = try ServerFixture()
        let answer = try await fixture.test { try await $0.post(path, #"{"model":"alpha","prompt":"hi"}"#) }
        #expect(answer.status == 200 && answer.header("x-conifer-model") == "alpha")
        #expect(answer.json?["object"] == "text_completion" && answer.json?["model"] == "alpha")
        #expect(answer.json?["id"]?.stringValue?.hasPrefix("cmpl-") == true)
        let expected: JSON = ["text": "I am alpha", "index": 0, "logprobs": .null, "finish_reason": "stop"]
        #expect(answer.json?["choices"] == [expected])
        #expect(answer.json?["usage"]?["total_tokens"] == 8)
        let options = try #require(fixture.engine.turns.first?.options)
        #expect(options.maximumTokens == 512 && options.sampling.temperature == 0 && options.logProbabilities == nil)
        #expect(!options.scoresPrompt && !options.includesReasoning)
    }

    @Test func `every prompt gets its answers, in order`() async throws {
        let fixture = try ServerFixture()
        fixture.engine.holdTurns(of: "alpha")
        let answer = try await fixture.test { caller in
            async let answer = caller.post(path, #"{"model":"alpha","prompt":["a","b",[7,8,9]],"n":2,"seed":5}"#)
            try await fixture.eventually { fixture.engine.turns.count == 6 }
            // The last one ends first: the order is the request's.
            for (index, turn) in fixture.engine.turns.enumerated().reversed() {
                turn.say("\(index)")
                turn.finish()
            }
            return try await answer
        }
        let choices = try #require(answer.json?["choices"]?.arrayValue)
        #expect(choices.map { $0["index"] } == [0, 1, 2, 3, 4, 5])
        #expect(choices.map { $0["text"] } == ["0", "1", "2", "3", "4", "5"])
        // A prompt counts once, an answer always.
        #expect(answer.json?["usage"]?["prompt_tokens"] == 15 && answer.json?["usage"]?["completion_tokens"] == 18)
        #expect(fixture.engine.turns.map(\.options.sampling.seed) == [5, 6, 5, 6, 5, 6])
    }

    @Test func `a stream has pieces, finishes and the usage if it was asked for`() async throws {
        let answer = try await ServerFixture().test {
            try await $0.post(
                path, #"{"model":"alpha","prompt":"x","stream":true,"stream_options":{"include_usage":true}}"#)
        }
        #expect(answer.header("content-type") == "text/event-stream")
        let events = answer.events
        #expect(events.count == 5 && events.last == "[DONE]")
        #expect(events.prefix(3).map { $0["choices"]?[0]?["text"] } == ["I am ", "alpha", ""])
        #expect(events.prefix(3).map { $0["choices"]?[0]?["finish_reason"] } == [.null, .null, "stop"])
        #expect(events.prefix(3).allSatisfy { $0["object"] == "text_completion" && $0["usage"] == .null })
        #expect(events[3]["choices"] == [] && events[3]["usage"]?["prompt_tokens"] == 5)
        #expect(Set(events.dropLast().map { $0["id"] }).count == 1)
    }

    @Test func `an echo begins with the prompt, whole and streamed`() async throws {
        try await ServerFixture().test { caller in
            let whole = try await caller.post(path, #"{"model":"alpha","prompt":["hé ",[4,5]],"echo":true}"#)
            let texts = whole.json?["choices"]?.arrayValue?.map { $0["text"] }
            #expect(texts == ["hé I am alpha", "<4><5>I am alpha"])
            let stream = try await caller.post(path, #"{"model":"alpha","prompt":"hé ","echo":true,"stream":true}"#)
            #expect(stream.events.dropLast().map { $0["choices"]?[0]?["text"] } == ["hé ", "I am ", "alpha", ""])
        }
    }

    @Test func `log-probabilities are told in the older shape, offsets counted from the prompt's beginning`()
        async throws
    {
        let fixture = try ServerFixture()
        fixture.engine.holdTurns(of: "alpha")
        let score = TokenLogProbability(
            token: 5, bytes: Array("é".utf8), logProbability: -0.5,
            alternatives: [.init(token: 6, bytes: [0x61], logProbability: -0.25)])
        for isStreamed in [false, true] {
            let answer = try await fixture.test { caller in
                async let answer = caller.post(
                    path, #"{"model":"alpha","prompt":"ñab","logprobs":1,"stream":\#(isStreamed)}"#)
                try await fixture.eventually { fixture.engine.turns.count == (isStreamed ? 2 : 1) }
                let turn = try #require(fixture.engine.turns.last)
                #expect(turn.options.logProbabilities == 1 && !turn.options.scoresPrompt)
                turn.say("é", [score])
                turn.say("é", [score])
                turn.finish()
                return try await answer
            }
            let lists = (isStreamed ? answer.events.prefix(2).map { $0 } : [answer.json ?? .null])
                .compactMap { $0["choices"]?[0]?["logprobs"] }
            let offsets = lists.flatMap { $0["text_offset"]?.arrayValue ?? [] }
            #expect(offsets == [3, 4])
            #expect(lists.flatMap { $0["tokens"]?.arrayValue ?? [] } == ["é", "é"])
            #expect(lists.first?["top_logprobs"]?[0] == ["a": -0.25, "é": -0.5])
            #expect(lists.first?["token_logprobs"]?[0] == -0.5)
            if isStreamed { #expect(answer.events[2]["choices"]?[0]?["logprobs"] == .null) }
        }
    }

    @Test func `an echo with log-probabilities scores the prompt`() async throws {
        let fixture = try ServerFixture()
        fixture.engine.holdTurns(of: "alpha")
        for isStreamed in [false, true] {
            let answer = try await fixture.test { caller in
                async let answer = caller.post(
                    path,
                    #"{"model":"alpha","prompt":[7,8],"echo":true,"logprobs":0,"max_tokens":0,"stream":\#(isStreamed)}"#
                )
                try await fixture.eventually { fixture.engine.turns.count == (isStreamed ? 2 : 1) }
                let turn = try #require(fixture.engine.turns.last)
                #expect(turn.options.scoresPrompt && turn.options.maximumTokens == 0)
                turn.tell(.prompt([nil, TokenLogProbability(token: 8, bytes: Array("<8>".utf8), logProbability: -2)]))
                turn.finish(.length)
                return try await answer
            }
            let choice = try #require((isStreamed ? answer.events.first : answer.json)?["choices"]?[0])
            #expect(choice["text"] == "<7><8>")
            #expect(
                choice["logprobs"]?.serialized()
                    == #"{"tokens":["<7>","<8>"],"token_logprobs":[null,-2.0],"top_logprobs":[null,{"<8>":-2.0}],"#
                    + #""text_offset":[0,3]}"#)
        }
    }

    @Test func `of the answers the best are returned, by the mean of their tokens' log-probabilities`() async throws {
        let fixture = try ServerFixture()
        fixture.engine.holdTurns(of: "alpha")
        let answer = try await fixture.test { caller in
            async let answer = caller.post(path, #"{"model":"alpha","prompt":"x","n":2,"best_of":4}"#)
            try await fixture.eventually { fixture.engine.turns.count == 4 }
            // A sum would rank the long one last, and an empty answer has no tokens that could be likely.
            let scores: [[Float]] = [[-3], [-1, -1, -1, -1], [], [-2]]
            for (turn, values) in zip(fixture.engine.turns, scores) {
                #expect(turn.options.logProbabilities == 0)
                for value in values {
                    turn.say("\(Int(-value))", [TokenLogProbability(token: 1, bytes: [0x31], logProbability: value)])
                }
                turn.finish()
            }
            return try await answer
        }
        let choices = try #require(answer.json?["choices"]?.arrayValue)
        #expect(choices.map { $0["text"] } == ["1111", "2"] && choices.map { $0["index"] } == [0, 1])
        #expect(choices.allSatisfy { $0["logprobs"] == .null })
        #expect(answer.json?["usage"]?["completion_tokens"] == 12)
    }

    @Test func `a suffix makes the answer fill a gap`() async throws {
        let fixture = try ServerFixture()
        let answer = try await fixture.test {
            try await $0.post(path, #"{"model":"alpha","prompt":"def f(","suffix":"return 1"}"#)
        }
        #expect(answer.status == 200 && answer.json?["choices"]?[0]?["text"] == "I am alpha")
        #expect(fixture.engine.turns.first?.prompt.tokens.first == 97)
    }

    @Test func `a suffix is refused where the model cannot fill gaps`() async throws {
        let fixture = try ServerFixture()
        fixture.engine.script.withLock { _ = $0.withoutFillIn.insert("alpha") }
        let answer = try await fixture.test {
            try await $0.post(path, #"{"model":"alpha","prompt":"a","suffix":"b"}"#)
        }
        #expect(answer.status == 400 && answer.json?["error"]?["param"] == "suffix")
        #expect(answer.json?["error"]?["message"]?.stringValue?.contains("cannot fill a gap") == true)
    }

    @Test(arguments: [
        (#""prompt":"""#, "prompt", ""), (#""prompt":"too long""#, "prompt", "context_length_exceeded"),
        (#""prompt":[5,100]"#, "prompt", "unknown_token"), (#""prompt":[]"#, "prompt", ""),
        (#""prompt":"x","logit_bias":{"100":1}"#, "logit_bias", ""),
        (#""prompt":"x","logit_bias":{"5":101}"#, "logit_bias", ""),
        (#""prompt":"x","temperature":3"#, "temperature", ""),
        (#""prompt":"x","n":128,"best_of":128,"prompt":["a","b","c"]"#, "prompt", ""),
        (#""prompt":"x","keep_alive":"soon""#, "keep_alive", ""),
        (#""prompt":"x","best_of":2,"stream":true"#, "best_of", ""),
    ])
    func `what is wrong is a 400 that names the field`(members: String, field: String, code: String) async throws {
        let answer = try await ServerFixture().test { try await $0.post(path, "{\"model\":\"alpha\",\(members)}") }
        #expect(answer.status == 400 && answer.json?["error"]?["param"] == .string(field))
        #expect((answer.json?["error"]?["code"]?.stringValue ?? "") == code)
    }

    @Test func `keep_alive counts here, too`() async throws {
        let fixture = try ServerFixture()
        try await fixture.test { caller in
            _ = try await caller.post(path, #"{"model":"alpha","prompt":"x","keep_alive":"10m"}"#)
            #expect(fixture.status.resident?.keepAlive == .after(.seconds(600)))
        }
    }
}
