import OpenAIWire
import OrderedJSON
import Testing

@Suite struct TokenScoreTests {
    let chat = CompletionIdentity(id: "chatcmpl-1", created: 7, model: "m")
    let text = CompletionIdentity(id: "cmpl-1", created: 7, model: "m")

    func score(_ text: String, _ value: Float?, _ alternatives: [(String, Float)] = []) -> TokenScore {
        TokenScore(
            bytes: Array(text.utf8), logProbability: value,
            alternatives: alternatives.map { .init(bytes: Array($0.0.utf8), logProbability: $0.1) })
    }

    @Test func `a chat token has all four keys, the alternatives even when there are none`() {
        let json = chat.completion(
            [ChatChoice(content: "é", scores: [score("é", -0.5)], finishReason: "stop")], usage: Usage())
        #expect(
            json["choices"]?[0]?["logprobs"]?.serialized()
                == #"{"content":[{"token":"é","logprob":-0.5,"bytes":[195,169],"top_logprobs":[]}],"refusal":null}"#)
    }

    @Test func `alternatives have token, bytes and logprob`() {
        let json = chat.chunk(.content("a"), scores: [score("a", -1, [("b", -0.25)])], includesUsage: false)
        let top = json["choices"]?[0]?["logprobs"]?["content"]?[0]?["top_logprobs"]
        #expect(top == [["token": "b", "logprob": -0.25, "bytes": [98]]])
    }

    @Test func `nobody who has not asked gets log-probabilities`() {
        #expect(chat.chunk(.content("a"), includesUsage: false)["choices"]?[0]?["logprobs"] == .null)
        let json = text.textChunk(TextChoice(index: 0, text: "a"), includesUsage: false)
        #expect(json["choices"]?[0]?["logprobs"] == .null)
    }

    @Test func `bytes that are no whole character are written out, and what is impossible is a number`() {
        let half = TokenScore(bytes: [0xE2, 0x82], logProbability: -.infinity)
        let inChat = chat.chunk(.content(""), scores: [half], includesUsage: false)["choices"]?[0]?["logprobs"]
        #expect(inChat?["content"]?[0]?["token"] == #"\xe2\x82"#)
        #expect(inChat?["content"]?[0]?["bytes"] == [226, 130])
        #expect(inChat?["content"]?[0]?["logprob"] == -9999.0)
        let inText = text.textChunk(TextChoice(index: 0, text: "", scores: [half]), includesUsage: false)
        #expect(inText["choices"]?[0]?["logprobs"]?["tokens"] == [#"bytes:\xe2\x82"#])
    }

    @Test func `a text completion has four lists of one length, and offsets in characters`() {
        let choice = TextChoice(
            index: 2, text: "añb",
            scores: [score("a", nil), score("ñ", -1, [("x", -0.5), ("ñ", -1)]), score("b", -2, [("y", -0.25)])],
            offset: 10, finishReason: "length")
        let json = text.textCompletion([choice], usage: Usage(promptTokens: 1, completionTokens: 2))
        #expect(json["object"] == "text_completion" && json["usage"]?["total_tokens"] == 3)
        #expect(
            json["choices"]?[0]?.serialized()
                == #"{"text":"añb","index":2,"logprobs":{"tokens":["a","ñ","b"],"token_logprobs":[null,-1.0,-2.0],"#
                + #""top_logprobs":[null,{"x":-0.5,"ñ":-1.0},{"y":-0.25,"b":-2.0}],"text_offset":[10,11,12]},"#
                + #""finish_reason":"length"}"#)
    }

    @Test func `two tokens of one text are one entry, the likelier`() {
        let choice = TextChoice(index: 0, text: "a", scores: [score("a", -3, [("a", -1)])])
        let json = text.textChunk(choice, includesUsage: true)
        #expect(json["choices"]?[0]?["logprobs"]?["top_logprobs"] == [["a": -1.0]])
        #expect(json["usage"] == .null && json["choices"]?[0]?["finish_reason"] == .null)
    }

    @Test func `the usage chunk of a text completion has empty choices`() {
        let json = text.textUsageChunk(Usage(promptTokens: 4))
        #expect(json["choices"] == [] && json["usage"]?["prompt_tokens"] == 4 && json["object"] == "text_completion")
    }
}
