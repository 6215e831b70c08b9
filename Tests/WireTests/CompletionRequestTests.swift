import OpenAIWire
import OrderedJSON
import Testing

@Suite struct CompletionRequestTests {
    func read(_ text: String) throws -> CompletionRequest {
        try CompletionRequest(JSON(parsing: text))
    }

    @Test func `the smallest body has no opinion of anything`() throws {
        let request = try read(#"{"prompt":"once"}"#)
        #expect(request.prompts == [.text("once")] && request.maximumTokens == nil && request.suffix == nil)
        #expect(!request.echo && request.logProbabilities == nil && request.bestOf == 1)
        #expect(request.common.model == nil && request.common.choices == 1 && request.common.stop == [])
    }

    @Test func `null counts as absent in every field but the prompt`() throws {
        let request = try read(
            #"""
            {"prompt":"x","model":null,"suffix":null,"max_tokens":null,"temperature":null,"top_p":null,"n":null,
             "stream":null,"stream_options":null,"logprobs":null,"echo":null,"stop":null,"presence_penalty":null,
             "frequency_penalty":null,"best_of":null,"logit_bias":null,"user":null,"seed":null,"keep_alive":null}
            """#)
        #expect(request.bestOf == 1 && request.logProbabilities == nil && request.common.keepAlive == nil)
    }

    @Test(arguments: [
        (#""a""#, [PromptField.text("a")]), (#""""#, [.text("")]), (#"["a","b"]"#, [.text("a"), .text("b")]),
        ("[1,2.0,3]", [.tokens([1, 2, 3])]), ("[[1],[2,3]]", [.tokens([1]), .tokens([2, 3])]),
        (#"["a",[5]]"#, [.text("a"), .tokens([5])]), ("[[]]", [.tokens([])]),
    ])
    func `a prompt has all the shapes that OpenAI takes`(prompt: String, expected: [PromptField]) throws {
        #expect(try read(#"{"prompt":\#(prompt)}"#).prompts == expected)
    }

    @Test(arguments: [
        ("null", "prompt"), ("5", "prompt"), ("{}", "prompt"), ("[]", "prompt"), ("[true]", "prompt[0]"),
        (#"[1,"a"]"#, "prompt[1]"), ("[1,2.5]", "prompt[1]"), ("[-1]", "prompt[0]"), ("[4294967296]", "prompt[0]"),
        (#"["a",1]"#, "prompt[1]"), (#"[[1],["a"]]"#, "prompt[1][0]"), ("[[1],[2,-7]]", "prompt[1][1]"),
    ])
    func `a prompt that is none is named`(prompt: String, field: String) {
        let error = #expect(throws: JSONFieldError.self) { try read(#"{"prompt":\#(prompt)}"#) }
        #expect(error?.field == field)
    }

    @Test func `more prompts than one request may have are refused, and more tokens are not`() throws {
        let limit = CompletionRequest.promptLimit
        let texts = Array(repeating: #""a""#, count: limit + 1)
        #expect(try read("{\"prompt\":[\(texts.dropFirst().joined(separator: ","))]}").prompts.count == limit)
        let error = #expect(throws: JSONFieldError.self) {
            try read("{\"prompt\":[\(texts.joined(separator: ","))]}")
        }
        #expect(error?.field == "prompt")
        let tokens = Array(repeating: "7", count: limit + 1).joined(separator: ",")
        #expect(try read("{\"prompt\":[\(tokens)]}").prompts.count == 1)
    }

    @Test(arguments: [
        (#""max_tokens":-1"#, "max_tokens"), (#""max_tokens":"many""#, "max_tokens"), (#""suffix":5"#, "suffix"),
        (#""echo":"yes""#, "echo"), (#""logprobs":21"#, "logprobs"), (#""logprobs":-1"#, "logprobs"),
        (#""logprobs":"5""#, "logprobs"), (#""best_of":0"#, "best_of"), (#""n":3,"best_of":2"#, "best_of"),
        (#""best_of":2,"stream":true"#, "best_of"), (#""suffix":"s","echo":true"#, "echo"),
        (#""stop":[1]"#, "stop[0]"), (#""n":0"#, "n"), (#""stream":1"#, "stream"), (#""options":1"#, "options"),
    ])
    func `a field of the wrong type, out of range or against another one is named`(member: String, field: String) {
        let error = #expect(throws: JSONFieldError.self) { try read(#"{"prompt":"x",\#(member)}"#) }
        #expect(error?.field == field)
    }

    @Test func `a gap can only follow text`() {
        let error = #expect(throws: JSONFieldError.self) { try read(#"{"prompt":[1,2],"suffix":"s"}"#) }
        #expect(error?.field == "suffix")
    }

    @Test func `what is set is read`() throws {
        let request = try read(
            #"""
            {"model":"m","prompt":["a","b"],"max_tokens":0,"echo":true,"logprobs":5,"n":2,"best_of":4,"stop":"z",
             "seed":9,"keep_alive":"5m"}
            """#)
        #expect(request.maximumTokens == 0 && request.echo && request.logProbabilities == 5 && request.bestOf == 4)
        #expect(request.common.model == "m" && request.common.choices == 2 && request.common.stop == ["z"])
        #expect(request.common.sampling.seed == 9 && request.common.keepAlive == "5m")
        #expect(try read(#"{"prompt":"a","suffix":"b"}"#).suffix == "b")
        #expect(try read(#"{"prompt":"a","suffix":"","echo":true}"#).suffix == nil)
        #expect(try read(#"{"prompt":"a","n":3}"#).bestOf == 3)
        #expect(try read(#"{"prompt":"a","n":2,"best_of":2,"stream":true}"#).bestOf == 2)
    }

    @Test func `a boolean logprobs means the tokens alone, or nothing`() throws {
        #expect(try read(#"{"prompt":"a","logprobs":true}"#).logProbabilities == 0)
        #expect(try read(#"{"prompt":"a","logprobs":false}"#).logProbabilities == nil)
        #expect(try read(#"{"prompt":"a","logprobs":0}"#).logProbabilities == 0)
    }
}
