import OllamaWire
import OrderedJSON
import Testing

@Suite struct OllamaWireTests {
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
    ])
    func `a field of the wrong type is named`(body: String, field: String) {
        let error = #expect(throws: JSONFieldError.self) { try ChatRequest(JSON(parsing: body)) }
        #expect(error?.field == field)
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
