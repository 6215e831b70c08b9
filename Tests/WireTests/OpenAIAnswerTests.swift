import OpenAIWire
import OrderedJSON
import Testing

@Suite struct OpenAIAnswerTests {
    let identity = CompletionIdentity(id: "chatcmpl-1", created: 7, model: "m")

    @Test func `a completion has every field that openai-python requires`() {
        let usage = Usage(promptTokens: 3, cachedTokens: 2, completionTokens: 4, reasoningTokens: 1)
        let json = identity.completion(
            [ChatChoice(content: "hi", reasoning: "hm", finishReason: "stop")], usage: usage)
        #expect(
            json.serialized()
                == #"{"id":"chatcmpl-1","object":"chat.completion","created":7,"model":"m","choices":[{"index":0,"#
                + #""message":{"role":"assistant","content":"hi","refusal":null,"reasoning_content":"hm"},"#
                + #""logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":4,"#
                + #""total_tokens":7,"prompt_tokens_details":{"cached_tokens":2},"#
                + #""completion_tokens_details":{"reasoning_tokens":1}}}"#)
    }

    @Test func `chunks carry role, content and finish, and no usage unless it was asked for`() {
        #expect(
            identity.chunk(.role, includesUsage: false).serialized()
                == #"{"id":"chatcmpl-1","object":"chat.completion.chunk","created":7,"model":"m","choices":[{"index":0,"#
                + #""delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}]}"#)
        #expect(identity.chunk(.content("x"), includesUsage: true)["usage"] == .null)
        let finish = identity.chunk(.finish("length"), includesUsage: false)
        #expect(finish["choices"]?[0]?["delta"] == [:] && finish["choices"]?[0]?["finish_reason"] == "length")
        #expect(finish["usage"] == nil)
        #expect(
            identity.chunk(.reasoning("r"), includesUsage: false)["choices"]?[0]?["delta"] == ["reasoning_content": "r"]
        )
    }

    @Test func `the usage chunk has empty choices`() {
        let json = identity.usageChunk(Usage(promptTokens: 1))
        #expect(json["choices"] == [] && json["usage"]?["total_tokens"] == 1)
    }

    @Test func `an error has all four keys`() {
        #expect(
            APIError(message: "m", type: "t").json.serialized()
                == #"{"error":{"message":"m","type":"t","param":null,"code":null}}"#)
    }

    @Test func `a model has the keys that openai-python requires`() {
        let json = ModelObject.list([ModelObject(id: "a", created: 1, contextLength: 512)])
        #expect(
            json.serialized()
                == #"{"object":"list","data":[{"id":"a","object":"model","created":1,"owned_by":"conifer","#
                + #""status":{"value":"unloaded"},"context_length":512}]}"#)
    }
}
