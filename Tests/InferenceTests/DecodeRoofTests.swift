import GGUF
import TestModels
import Testing

@testable import Inference

@Suite("The roof of decoding")
struct DecodeRoofTests {
    @Test("a step reads the weights once, and the keys and values of every turn")
    func bytes() throws {
        let tiny = TinyModel(.llama)
        let folder = try TemporaryFolder()
        let file = try GGUFFile(path: tiny.write(into: folder))
        let roof = DecodeRoof(try LoadPlan(file, name: "tiny", options: LoadOptions(threads: 2)))
        let weights = roof.bytesPerStep(depth: 0, turns: 3)
        #expect(weights == Double(file.tensors.reduce(0) { $0 + $1.byteCount }))
        // Keys and values: two bytes an element and a scale for each head.
        let token = Double(2 * tiny.layers * tiny.keyValueHeads * (2 * tiny.headDimension + 4))
        #expect(roof.bytesPerStep(depth: 10, turns: 3) == weights + 30 * token)
        #expect(roof.readBandwidth() > 0)
    }
}
