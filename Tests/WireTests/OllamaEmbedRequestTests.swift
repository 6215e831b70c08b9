import OllamaWire
import OrderedJSON
import Testing

@Suite struct OllamaEmbedRequestTests {
    func read(_ member: String) throws -> EmbedRequest {
        try EmbedRequest(JSON(parsing: #"{"model":"m",\#(member)}"#))
    }

    @Test func `input is a text, several, or nothing`() throws {
        #expect(try read(#""input":"a""#).input == ["a"])
        #expect(try read(#""input":["a","b"]"#).input == ["a", "b"])
        for nothing in [#""input":"""#, #""input":[]"#, #""input":null"#, #""x":1"#] {
            #expect(try read(nothing).input == [])
        }
        #expect(try EmbedRequest(older: ["model": "m", "prompt": "p"]).input == ["p"])
        #expect(try EmbedRequest(older: ["model": "m"]).input == [])
    }

    @Test func `a text is cut to the context unless told otherwise, and no dimensions are all of them`() throws {
        #expect(try read(#""input":"a""#).truncate && !read(#""truncate":false"#).truncate)
        #expect(try read(#""dimensions":0"#).dimensions == nil && read(#""dimensions":3"#).dimensions == 3)
        #expect(try read(#""options":{"keep_alive":5}"#).keepAlive == 5)
        #expect(try read(#""keep_alive":"1m","options":{"keep_alive":5}"#).keepAlive == "1m")
    }

    @Test(arguments: [
        (#"{"input":"a"}"#, "model"), (#"{"model":"","input":"a"}"#, "model"), (#"{"model":"m","input":5}"#, "input"),
        (#"{"model":"m","input":["a",1]}"#, "input[1]"), (#"{"model":"m","truncate":1}"#, "truncate"),
        (#"{"model":"m","dimensions":-1}"#, "dimensions"), (#"{"model":"m","options":1}"#, "options"),
    ])
    func `a field of the wrong type is named`(body: String, field: String) {
        let error = #expect(throws: JSONFieldError.self) { try EmbedRequest(JSON(parsing: body)) }
        #expect(error?.field == field)
    }

    @Test func `more texts than one request should hold are refused`() {
        let texts = Array(repeating: JSON.string("x"), count: EmbedRequest.inputLimit + 1)
        let error = #expect(throws: JSONFieldError.self) {
            try EmbedRequest(["model": "m", "input": .array(texts)])
        }
        #expect(error?.field == "input")
    }

    @Test func `what must be there is asked for in the words that clients know`() {
        let error = #expect(throws: JSONFieldError.self) { try EmbedRequest(["input": "a"]) }
        #expect(error?.description == "model is required")
    }
}
