import OllamaWire
import OrderedJSON
import Testing

@Suite struct OllamaAnswerTests {
    @Test func `a line has its text where the endpoint wants it`() {
        let chat = AnswerLine(shape: .chat, model: "m", createdAt: "t", text: "x", thinking: "h")
        #expect(
            chat.json.serialized()
                == #"{"model":"m","created_at":"t","message":{"role":"assistant","content":"x","thinking":"h"},"done":false}"#
        )
        let last = AnswerLine(
            shape: .generate, model: "m", createdAt: "t", text: "",
            statistics: TurnStatistics(reason: "stop", totalNanoseconds: 5, generatedTokens: 2, context: [1, 2]))
        #expect(
            last.json.serialized()
                == #"{"model":"m","created_at":"t","response":"","done":true,"done_reason":"stop","context":[1,2],"#
                + #""total_duration":5,"eval_count":2}"#)
    }

    @Test func `log-probabilities have Ollama's shape, and one of zero can be written`() {
        let token = TokenScore(
            bytes: [0x78], logProbability: -0.5,
            alternatives: [
                TokenScore(bytes: [0x78], logProbability: -0.5),
                TokenScore(bytes: [], logProbability: -.infinity),
            ])
        let line = AnswerLine(
            shape: .chat, model: "m", createdAt: "t", text: "x", logProbabilities: [token])
        #expect(
            line.json["logprobs"]?.serialized()
                == #"[{"token":"x","logprob":-0.5,"bytes":[120],"top_logprobs":[{"token":"x","logprob":-0.5,"#
                + #""bytes":[120]},{"token":"","logprob":-9999.0}]}]"#)
        #expect(AnswerLine(shape: .chat, model: "m", createdAt: "t", text: "x").json["logprobs"] == nil)
    }

    @Test func `messages that were left out are told of in the last line, and only then`() {
        func last(_ dropped: Int) -> JSON {
            AnswerLine(
                shape: .chat, model: "m", createdAt: "t", text: "",
                statistics: TurnStatistics(reason: "stop", droppedMessages: dropped)
            ).json
        }
        #expect(last(2)["dropped_messages"] == 2 && last(0)["dropped_messages"] == nil)
    }

    @Test func `embeddings are an array even when there are none, and the older answer has one`() {
        #expect(EmbedAnswer(model: "m").json.serialized() == #"{"model":"m","embeddings":[]}"#)
        let answer = EmbedAnswer(
            model: "m", embeddings: [[0.5, -1]], totalNanoseconds: 7, loadNanoseconds: 3, promptTokens: 2)
        #expect(
            answer.json.serialized()
                == #"{"model":"m","embeddings":[[0.5,-1.0]],"total_duration":7,"load_duration":3,"prompt_eval_count":2}"#
        )
        #expect(answer.older == ["embedding": [0.5, -1.0]] && EmbedAnswer(model: "m").older == ["embedding": []])
    }

    @Test(arguments: [
        (8_190_000_000, "8.2B"), (999_999_999, "1000.0M"), (360_000_000, "360.0M"), (12_345, "12.3K"), (7, "7"),
    ])
    func `parameter counts are written as Ollama does`(count: Int, text: String) {
        #expect(ModelEntry.parameterSize(count) == text)
    }

    @Test func `a running model has Ollama's fields and ours`() {
        let entry = ModelEntry(
            name: "m", size: 1, digest: "d", family: "llama", parameterSize: "1B", quantization: "Q8_0",
            modifiedAt: "t", capabilities: ["completion"])
        let json = RunningModel(
            entry: entry, expiresAt: "e", residentBytes: 9, contextLength: 512, state: "ready", isPinned: false,
            activeTurns: 0, queuedTurns: 0, idleRemainingSeconds: nil, loadProgress: 1, keepAlive: "5m",
            keepAliveSource: "default"
        ).json
        #expect(json["size_vram"] == 9 && json["idle_remaining_seconds"] == .null && json["pinned"] == false)
        #expect(entry.tag["details"]?["families"] == ["llama"])
    }
}
