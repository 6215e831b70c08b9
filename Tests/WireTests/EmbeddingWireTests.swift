import OpenAIWire
import OrderedJSON
import Testing

@Suite struct EmbeddingWireTests {
    func read(_ text: String) throws -> EmbeddingRequest {
        try EmbeddingRequest(JSON(parsing: text))
    }

    @Test func `an input has all the shapes that OpenAI takes`() throws {
        let request = try read(#"{"input":"a"}"#)
        #expect(request.inputs == [.text("a")] && request.encoding == .float && request.dimensions == nil)
        #expect(try read(#"{"input":["a","b"]}"#).inputs == [.text("a"), .text("b")])
        #expect(try read(#"{"input":[1,2]}"#).inputs == [.tokens([1, 2])])
        #expect(try read(#"{"input":[[1],[2]]}"#).inputs == [.tokens([1]), .tokens([2])])
    }

    @Test func `what is set is read, and null is unset`() throws {
        let request = try read(
            #"{"model":"m","input":"a","encoding_format":"base64","dimensions":3,"keep_alive":0,"user":"u"}"#)
        #expect(request.model == "m" && request.encoding == .base64 && request.dimensions == 3)
        #expect(request.keepAlive == 0)
        let unset = try read(#"{"input":"a","model":null,"encoding_format":null,"dimensions":null}"#)
        #expect(unset.encoding == .float && unset.dimensions == nil)
    }

    @Test(arguments: [
        ("{}", "input"), (#"{"input":null}"#, "input"), (#"{"input":[]}"#, "input"), (#"{"input":7}"#, "input"),
        (#"{"input":[{}]}"#, "input[0]"), (#"{"input":"a","encoding_format":"int8"}"#, "encoding_format"),
        (#"{"input":"a","encoding_format":1}"#, "encoding_format"), (#"{"input":"a","dimensions":0}"#, "dimensions"),
        (#"{"input":"a","dimensions":"3"}"#, "dimensions"), (#"{"input":"a","model":[]}"#, "model"),
    ])
    func `a field of the wrong type or out of range is named`(body: String, field: String) {
        let error = #expect(throws: JSONFieldError.self) { try read(body) }
        #expect(error?.field == field)
    }

    @Test func `more inputs than OpenAI takes are refused`() {
        let inputs = Array(repeating: #""a""#, count: EmbeddingRequest.inputLimit + 1).joined(separator: ",")
        let error = #expect(throws: JSONFieldError.self) { try read("{\"input\":[\(inputs)]}") }
        #expect(error?.field == "input")
    }

    @Test func `vectors are numbers with no more digits than a float32 has`() {
        let json = EmbeddingList(model: "m", vectors: [[0.1, -1], [1e-9]], encoding: .float, promptTokens: 5).json
        #expect(
            json.serialized()
                == #"{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.1,-1.0]},"#
                + #"{"object":"embedding","index":1,"embedding":[1e-09]}],"model":"m","#
                + #""usage":{"prompt_tokens":5,"total_tokens":5}}"#)
    }

    @Test func `base64 holds little-endian float32s`() {
        // struct.pack("<3f", 1.0, -0.5, 0.1)
        let json = EmbeddingList(model: "m", vectors: [[1, -0.5, 0.1]], encoding: .base64, promptTokens: 1).json
        #expect(json["data"]?[0]?["embedding"] == "AACAPwAAAL/NzMw9")
    }
}
