import OpenAIWire
import OrderedJSON
import Testing

@Suite struct ChatCompletionRequestTests {
    func read(_ text: String) throws -> ChatCompletionRequest {
        try ChatCompletionRequest(JSON(parsing: text))
    }

    /// A body with one more member.
    func with(_ member: String) throws -> ChatCompletionRequest {
        try read(#"{"messages":[{"role":"user","content":"x"}],\#(member)}"#)
    }

    @Test func `the smallest body has no opinion of anything`() throws {
        let request = try read(#"{"messages":[{"role":"user","content":"hello"}]}"#)
        #expect(request.common.model == nil && request.maximumTokens == nil && request.common.keepAlive == nil)
        #expect(!request.common.stream && !request.common.includeUsage && request.common.choices == 1)
        #expect(request.messages.map(\.content) == ["hello"])
        #expect(request.common.stop == [] && request.tools == [] && request.toolChoice == .automatic)
    }

    @Test func `null counts as absent in every field`() throws {
        let request = try with(
            #"""
            "model":null,"stream":null,"stream_options":null,"temperature":null,"top_p":null,"max_tokens":null,
            "max_completion_tokens":null,"stop":null,"seed":null,"n":null,"presence_penalty":null,
            "frequency_penalty":null,"logit_bias":null,"logprobs":null,"top_logprobs":null,"tools":null,
            "tool_choice":null,"response_format":null,"keep_alive":null,"enable_thinking":null,"options":null,
            "chat_template_kwargs":null,"reasoning_effort":null,"user":null
            """#)
        #expect(request.common.keepAlive == nil && request.responseFormat == .text && request.logProbabilities == nil)
        #expect(JSON.object(request.templateVariables) == [:])
    }

    @Test(arguments: [
        (#""model":5"#, "model"), (#""stream":"yes""#, "stream"), (#""stream_options":true"#, "stream_options"),
        (#""stream_options":{"include_usage":1}"#, "stream_options.include_usage"),
        (#""temperature":"hot""#, "temperature"), (#""top_p":[]"#, "top_p"), (#""max_tokens":0"#, "max_tokens"),
        (#""max_tokens":1.5"#, "max_tokens"), (#""max_completion_tokens":-1"#, "max_completion_tokens"),
        (#""stop":5"#, "stop"), (#""stop":[1]"#, "stop[0]"),
        (#""stop":["","","","","","","","","","","","","","","","",""]"#, "stop"), (#""seed":"x""#, "seed"),
        (#""n":0"#, "n"), (#""presence_penalty":{}"#, "presence_penalty"), (#""logit_bias":[]"#, "logit_bias"),
        (#""logit_bias":{"x":1}"#, "logit_bias.x"), (#""logit_bias":{"5":"a"}"#, "logit_bias.5"),
        (#""logprobs":1"#, "logprobs"), (#""logprobs":true,"top_logprobs":21"#, "top_logprobs"),
        (#""top_logprobs":2"#, "top_logprobs"), (#""logprobs":false,"top_logprobs":2"#, "top_logprobs"),
        (#""n":17"#, "n"), (#""logit_bias":{"-1":0}"#, "logit_bias.-1"),
        (#""reasoning_effort":1"#, "reasoning_effort"),
        (#""chat_template_kwargs":{"enable_thinking":1}"#, "chat_template_kwargs.enable_thinking"),
        (#""tools":{}"#, "tools"),
        (#""tools":[5]"#, "tools[0]"), (#""tools":[{"type":"function"}]"#, "tools[0].function"),
        (#""tools":[{"function":{"name":1}}]"#, "tools[0].function.name"),
        (#""tool_choice":"maybe""#, "tool_choice"), (#""tool_choice":{"type":"function"}"#, "tool_choice.function"),
        (#""response_format":"json""#, "response_format"),
        (#""response_format":{"type":"xml"}"#, "response_format.type"),
        (#""response_format":{"type":"json_schema"}"#, "response_format.json_schema"),
        (#""enable_thinking":"yes""#, "enable_thinking"), (#""options":[]"#, "options"),
        (#""chat_template_kwargs":1"#, "chat_template_kwargs"),
    ])
    func `a field of the wrong type or out of range is named`(member: String, field: String) {
        let error = #expect(throws: JSONFieldError.self) { try with(member) }
        #expect(error?.field == field)
    }

    @Test(arguments: [
        (#"{}"#, "messages"), (#"{"messages":[]}"#, "messages"), (#"{"messages":"hi"}"#, "messages"),
        (#"{"messages":["hi"]}"#, "messages[0]"), (#"{"messages":[{"content":"x"}]}"#, "messages[0].role"),
        (#"{"messages":[{"role":"root","content":"x"}]}"#, "messages[0].role"),
        (#"{"messages":[{"role":"user"}]}"#, "messages[0].content"),
        (#"{"messages":[{"role":"user","content":5}]}"#, "messages[0].content"),
        (#"{"messages":[{"role":"user","content":[{"type":"image_url"}]}]}"#, "messages[0].content[0].type"),
        (#"{"messages":[{"role":"user","content":[{"type":"text"}]}]}"#, "messages[0].content[0].text"),
        (#"{"messages":[{"role":"assistant","tool_calls":[{}]}]}"#, "messages[0].tool_calls[0].function"),
        (#"[]"#, "body"), (#"5"#, "body"),
    ])
    func `a conversation that is none is named`(body: String, field: String) {
        let error = #expect(throws: JSONFieldError.self) { try read(body) }
        #expect(error?.field == field)
    }

    @Test func `parts of text are joined, and an assistant may say nothing beside its tool calls`() throws {
        let request = try read(
            #"""
            {"messages":[
              {"role":"developer","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]},
              {"role":"assistant","content":null,"tool_calls":[
                {"id":"c1","type":"function","function":{"name":"f","arguments":"{\"z\":1,\"a\":2}"}},
                {"id":"c2","type":"function","function":{"name":"g","arguments":"not json"}}]},
              {"role":"tool","tool_call_id":"c1","content":"3"}]}
            """#)
        #expect(request.messages[0].content == "a\nb")
        #expect(request.messages[1].content == nil)
        #expect(
            request.messages[1].toolCalls[0].serialized()
                == #"{"id":"c1","type":"function","function":{"name":"f","arguments":{"z":1,"a":2}}}"#)
        #expect(request.messages[1].toolCalls[1]["function"]?["arguments"] == "not json")
        #expect(request.messages[2].toolCallID == "c1")
    }

    @Test func `keep_alive is taken from the top level before options`() throws {
        #expect(try with(#""keep_alive":"5m","options":{"keep_alive":1}"#).common.keepAlive == "5m")
        #expect(try with(#""keep_alive":null,"options":{"keep_alive":1}"#).common.keepAlive == 1)
        #expect(try with(#""options":{"keep_alive":-1}"#).common.keepAlive == -1)
        #expect(try with(#""keep_alive":{}"#).common.keepAlive == [:])
    }

    @Test func `what is set is read`() throws {
        let request = try with(
            #"""
            "model":"m","stream":true,"stream_options":{"include_usage":true},"temperature":0.5,"top_p":2,"top_k":40.0,
            "max_tokens":7,"max_completion_tokens":9,"stop":["a","b"],"seed":-3,"n":2,"logit_bias":{"5":-100,"6":1.5},
            "logprobs":true,"top_logprobs":3,"tools":[{"type":"function","function":{"name":"f"}}],
            "tool_choice":{"type":"function","function":{"name":"f"}},
            "response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"}}},
            "chat_template_kwargs":{"enable_thinking":true,"x":1}
            """#)
        let common = request.common
        #expect(common.model == "m" && common.stream && common.includeUsage && request.maximumTokens == 9)
        #expect(common.sampling.topK == 40 && common.sampling.seed == -3 && common.sampling.topP == 2)
        #expect(common.sampling.logitBias == [5: -100, 6: 1.5] && request.logProbabilities == 3)
        #expect(request.toolChoice == .function("f") && request.tools.count == 1 && common.choices == 2)
        #expect(request.responseFormat == .jsonSchema(["type": "object"]))
        #expect(request.enableThinking == true && JSON.object(request.templateVariables) == ["x": 1])
    }

    @Test func `fields that mean nothing here are ignored, whatever their type`() throws {
        let request = try with(
            #"""
            "user":5,"metadata":[],"store":"yes","service_tier":{},"parallel_tool_calls":"no","ttl":[],"functions":1,
            "logprobs":false,"top_logprobs":0
            """#)
        #expect(request.messages.count == 1 && request.logProbabilities == nil)
    }

    @Test func `stream_options without stream does no harm`() throws {
        let request = try with(#""stream_options":{"include_usage":true}"#)
        #expect(!request.common.stream)
    }

    @Test func `log-probabilities without a number of alternatives have none`() throws {
        #expect(try with(#""logprobs":true"#).logProbabilities == 0)
        #expect(try with(#""logprobs":true,"top_logprobs":20"#).logProbabilities == 20)
    }

    @Test func `the template sees reasoning_effort, unless it was given another one by name`() throws {
        let plain = try with(#""reasoning_effort":"high""#)
        #expect(JSON.object(plain.templateVariables) == ["reasoning_effort": "high"])
        let named = try with(#""reasoning_effort":"high","chat_template_kwargs":{"reasoning_effort":"low"}"#)
        #expect(JSON.object(named.templateVariables) == ["reasoning_effort": "low"])
    }

    @Test func `every role that clients send is read`() throws {
        for role in ["system", "developer", "user", "assistant", "tool", "function"] {
            let request = try read(#"{"messages":[{"role":"\#(role)","content":"x"}]}"#)
            #expect(request.messages[0].role.rawValue == role)
        }
    }
}
