import OllamaWire
import OrderedJSON
import Testing

@Suite struct OllamaRequestTests {
    @Test func `a chat request streams unless told otherwise, and its nulls and empty strings are unset`() throws {
        let request = try ChatRequest(
            JSON(
                parsing: #"""
                    {"model":"m","messages":[{"role":"user","content":"x"}],"tools":[],"format":"","keep_alive":-1,
                     "options":{"temperature":null,"num_ctx":8192,"stop":["a",""],"seed":7,"unknown":true}}
                    """#))
        #expect(request.common.stream && request.common.format == nil && request.common.keepAlive == -1)
        #expect(request.common.options.stop == ["a"] && request.common.options.seed == 7)
        #expect(request.messages.map(\.content) == ["x"])
    }

    @Test func `a body without messages or prompt is a request to load`() throws {
        #expect(try ChatRequest(JSON(parsing: #"{"model":"m"}"#)).messages == [])
        #expect(try GenerateRequest(JSON(parsing: #"{"model":"m","keep_alive":0}"#)).prompt == "")
    }

    @Test func `keep_alive is taken from the top level before options`() throws {
        let body = #"{"model":"m","keep_alive":null,"options":{"keep_alive":"9m"}}"#
        #expect(try GenerateRequest(JSON(parsing: body)).common.keepAlive == "9m")
    }

    @Test(arguments: [
        (#"{}"#, "model"), (#"{"model":""}"#, "model"), (#"{"model":null}"#, "model"), (#"{"model":1}"#, "model"),
        (#"{"model":"m","stream":1}"#, "stream"), (#"{"model":"m","think":"much"}"#, "think"),
        (#"{"model":"m","format":"xml"}"#, "format"), (#"{"model":"m","options":{"seed":"x"}}"#, "options.seed"),
        (#"{"model":"m","options":{"stop":[1]}}"#, "options.stop[0]"), (#"{"model":"m","options":5}"#, "options"),
        (#"{"model":"m","messages":[{"role":"root"}]}"#, "messages[0].role"),
        (#"{"model":"m","messages":[{"role":"user","images":["x"]}]}"#, "messages[0].images"),
        (#"{"model":"m","messages":[{"role":"assistant","tool_calls":[{}]}]}"#, "messages[0].tool_calls[0].function"),
        (
            #"{"model":"m","messages":[{"role":"assistant","tool_calls":[{"function":{"name":"f","arguments":"{}"}}]}]}"#,
            "messages[0].tool_calls[0].function.arguments"
        ),
        (#"{"model":"m","tools":[{"type":"function"}]}"#, "tools[0].function"),
        (#"{"model":"m","top_logprobs":21}"#, "top_logprobs"), (#"{"model":"m","logprobs":3}"#, "logprobs"),
        (#"{"model":"m","options":{"num_ctx":"8k"}}"#, "options.num_ctx"), (#"{"model":"m","shift":1}"#, "shift"),
        (#"{"model":"m","truncate":"yes"}"#, "truncate"),
    ])
    func `a field of the wrong type is named`(body: String, field: String) {
        let error = #expect(throws: JSONFieldError.self) { try ChatRequest(JSON(parsing: body)) }
        #expect(error?.field == field)
    }

    @Test func `more stop strings than a token should be compared with are refused`() throws {
        let strings = Array(repeating: JSON.string("x"), count: OptionFields.stopLimit)
        func read(_ stop: [JSON]) throws -> [String] {
            try ChatRequest(["model": "m", "options": ["stop": .array(stop)]]).common.options.stop
        }
        #expect(try read(strings).count == OptionFields.stopLimit)
        let error = #expect(throws: JSONFieldError.self) { try read(strings + ["y"]) }
        #expect(error?.field == "options.stop")
    }

    @Test func `null and empty strings are unset in every field`() throws {
        let request = try GenerateRequest(
            JSON(
                parsing: #"""
                    {"model":"m","prompt":null,"suffix":null,"system":null,"template":"","context":null,"raw":null,
                     "images":[],"format":null,"options":{"temperature":null,"top_k":null,"top_p":null,"min_p":null,
                     "repeat_penalty":null,"repeat_last_n":null,"presence_penalty":null,"frequency_penalty":null,
                     "seed":null,"num_predict":null,"num_ctx":null,"stop":null,"keep_alive":null},"stream":null,
                     "keep_alive":null,"think":null,"logprobs":null,"top_logprobs":null,"truncate":null,"shift":null}
                    """#))
        #expect(request.prompt == "" && request.context == [] && !request.raw && request.common.stream)
        #expect(request.common.think == nil && request.common.format == nil && request.common.keepAlive == nil)
        #expect(request.common.logProbabilities == nil && !request.common.truncate)
        #expect(try request.common.options == GenerateRequest(["model": "m"]).common.options)
        #expect(try GenerateRequest(["model": "m", "think": ""]).common.think == nil)
    }

    @Test func `a thought, a tool's name and its calls reach the message, arguments as an object`() throws {
        let messages = try ChatRequest(
            JSON(
                parsing: #"""
                    {"model":"m","messages":[
                      {"role":"Assistant","content":null,"thinking":"hm",
                       "tool_calls":[{"id":"c","function":{"index":0,"name":"f","arguments":{"z":1,"a":2}}}]},
                      {"role":"tool","tool_name":"f","tool_call_id":"c","content":"3"}]}
                    """#)
        ).messages
        #expect(messages[0].role == "assistant" && messages[0].content == "" && messages[0].thinking == "hm")
        #expect(
            messages[0].toolCalls.map { $0.serialized() }
                == [#"{"id":"c","type":"function","function":{"name":"f","arguments":{"z":1,"a":2}}}"#])
        #expect(messages[1].toolName == "f" && messages[1].toolCallID == "c")
    }

    @Test func `thinking is a switch or a level, and log-probabilities have a count`() throws {
        func read(_ member: String) throws -> CommonFields {
            try ChatRequest(JSON(parsing: #"{"model":"m",\#(member)}"#)).common
        }
        #expect(try read(#""think":true"#).think == .on && read(#""think":false"#).think == .off)
        #expect(try read(#""think":"max""#).think == .level("max"))
        #expect(try read(#""logprobs":true"#).logProbabilities == 0)
        #expect(try read(#""logprobs":true,"top_logprobs":5"#).logProbabilities == 5)
        #expect(try read(#""logprobs":false,"top_logprobs":5"#).logProbabilities == nil)
    }

    @Test func `generate reads its own fields`() throws {
        let request = try GenerateRequest(
            JSON(parsing: #"{"model":"m","prompt":"p","raw":true,"context":[1,2],"system":"s","stream":false}"#))
        #expect(request.raw && request.context == [1, 2] && request.system == "s" && !request.common.stream)
        #expect(throws: JSONFieldError.self) {
            try GenerateRequest(JSON(parsing: #"{"model":"m","context":[-1]}"#))
        }
    }

    @Test func `show takes the older name, too`() throws {
        #expect(try ShowRequest(JSON(parsing: #"{"model":"","name":"n"}"#)).model == "n")
        #expect(try ShowRequest(JSON(parsing: #"{"model":"m","name":"n"}"#)).model == "m")
        #expect(throws: JSONFieldError.self) { try ShowRequest(JSON(parsing: "{}")) }
    }
}
