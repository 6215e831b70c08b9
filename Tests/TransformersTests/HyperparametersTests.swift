import GGUF
import Tensors
import TestModels
import Testing

@testable import Transformers

@Suite("Hyperparameters and tensors of untrusted files")
struct HyperparametersTests {
    /// What opening a model says after a change to a good one.
    private func error(
        _ family: TinyModel.Family = .llama, _ change: (inout GGUFBuilder) -> Void
    ) throws -> ModelError? {
        var builder = TinyModel(family).builder()
        change(&builder)
        let file = try Fixture.open(builder)
        do throws(ModelError) { _ = try TransformerModel(file) } catch { return error }
        return nil
    }

    @Test("a good model's numbers are read", arguments: TinyModel.Family.allCases)
    func numbers(family: TinyModel.Family) throws {
        let shape = try Hyperparameters(Fixture.open(TinyModel(family).builder()))
        #expect(shape.family.rawValue == family.rawValue)
        #expect(shape.layers == 2 && shape.embedding == 64 && shape.feedForward == 128)
        #expect(shape.heads == 4 && shape.keyValueHeads == 2 && shape.headDimension == 16)
        #expect(shape.contextLength == 512 && shape.vocabularySize == TinyVocabulary.pieces.count)
        #expect(shape.attentionScale == 0.25 && shape.rotary.base == 10_000)
        #expect(shape.cacheBytesPerToken == 2 * 2 * 2 * (16 * 2 + 4))
    }

    @Test("an architecture that does not run is refused by name, with those that do")
    func architecture() throws {
        let found = try #require(
            try error { $0.set("general.architecture", .string("mamba")) })
        #expect(found.code == .unsupportedArchitecture)
        #expect(found.description.contains("'mamba'") && found.description.contains("llama, qwen2, qwen3"))
        #expect(try error { $0.remove("general.architecture") }?.code == .missingValue)
    }

    static let absurdNumbers: [(String, Int)] = [
        ("block_count", 0), ("block_count", 1 << 40), ("embedding_length", -64), ("embedding_length", 1 << 62),
        ("feed_forward_length", 0), ("attention.head_count", 0), ("attention.head_count", 1 << 20),
        ("attention.head_count_kv", 3), ("attention.key_length", 1 << 30), ("attention.key_length", 12),
        ("attention.value_length", 8), ("context_length", 0), ("context_length", 1 << 50),
        ("rope.dimension_count", 15), ("rope.dimension_count", 32), ("rope.freq_base", -1), ("rope.freq_base", 0),
        ("attention.layer_norm_rms_epsilon", 5), ("attention.sliding_window", -3), ("expert_count", 8),
        ("rope.scaling.factor", 0), ("rope.scaling.factor", -2), ("logit_scale", 3),
    ]

    @Test("an absurd number is an error that names key and value", arguments: absurdNumbers)
    func absurd(key: String, value: Int) throws {
        let found = try #require(try error { $0.set("llama." + key, .int64(Int64(value))) })
        #expect(found.field == "metadata 'llama.\(key)'")
        #expect(found.problem.contains("\(value)") && found.fileName == "tiny.gguf")
    }

    @Test("a number of the wrong type or absent", arguments: ["block_count", "embedding_length", "context_length"])
    func missing(key: String) throws {
        #expect(try error { $0.remove("llama." + key) }?.problem.contains("is missing") == true)
        #expect(try error { $0.set("llama." + key, .string("7")) }?.problem.contains("is of type") == true)
        #expect(try error { $0.set("llama." + key, .float32(.nan)) }?.code == .missingValue)
    }

    @Test("not-a-number values are refused, whatever the key", arguments: ["rope.freq_base", "rope.scaling.factor"])
    func notANumber(key: String) throws {
        for value in [Float.nan, .infinity, -.infinity] {
            #expect(try error { $0.set("llama." + key, .float32(value)) }?.code == .absurdValue)
        }
    }

    @Test("numbers repeated for every layer count as one; different ones are refused")
    func perLayerNumbers() throws {
        #expect(try error { $0.set("llama.attention.head_count_kv", .integers([2, 2])) } == nil)
        #expect(
            try error { $0.set("llama.attention.head_count_kv", .integers([2, 1])) }?.code == .unsupportedFeature)
    }

    @Test("a sliding window bounds the context")
    func slidingWindow() throws {
        var builder = TinyModel(.llama).builder()
        builder.set("llama.attention.sliding_window", .uint32(100))
        #expect(try Hyperparameters(Fixture.open(builder)).contextLength == 100)
    }

    @Test("a missing tensor is named", arguments: TinyModel.Family.allCases)
    func missingTensors(family: TinyModel.Family) throws {
        for name in TinyModel(family).builder().tensors.map({ String(decoding: $0.name, as: UTF8.self) }) {
            let found = try error(family) { builder in builder.tensors.removeAll { $0.name == Array(name.utf8) } }
            #expect(found?.code == .missingTensor && found?.field == "tensor '\(name)'", "\(name)")
        }
    }

    @Test("a wrong shape is named with what was expected")
    func wrongShape() throws {
        let found = try #require(
            try error { builder in
                for index in builder.tensors.indices
                where builder.tensors[index].name == Array("blk.1.ffn_up.weight".utf8) {
                    builder.tensors[index].dimensions = [128, 64]
                }
            })
        #expect(found.code == .wrongShape && found.field == "tensor 'blk.1.ffn_up.weight'")
        #expect(found.problem == "has the shape [128, 64] where [64, 128] is expected")
    }

    @Test("a tensor type without kernels is refused by name, with those that run")
    func unsupportedType() throws {
        let found = try #require(
            try error { builder in
                builder.tensors.removeAll { $0.name == Array("blk.0.attn_v.weight".utf8) }
                builder.addTensor(
                    "blk.0.attn_v.weight", type: .q5_1, dimensions: [64, 32], bytes: [UInt8](repeating: 0, count: 1536))
            })
        #expect(found.code == .unsupportedTensorType && found.problem == "is of type Q5_1")
        #expect(found.advice.contains("F32, F16, Q4_0, Q8_0, Q4_K, Q5_K, Q6_K, BF16"))
    }

    @Test("a tensor that would be left out is refused", arguments: ["blk.0.attn_q.bias", "blk.0.attn_sinks.weight"])
    func leftovers(name: String) throws {
        let found = try error(.qwen3) {
            $0.addTensor(name, type: .f32, dimensions: [64], bytes: [UInt8](repeating: 0, count: 256))
        }
        #expect(found?.code == .unknownTensor && found?.field == "tensor '\(name)'")
        #expect(
            try error(.qwen3) {
                $0.addTensor(
                    "blk.0.attn_rot_embd.weight", type: .f32, dimensions: [8], bytes: [UInt8](repeating: 0, count: 32))
            } == nil)
    }

    @Test("frequency factors that would divide by zero are refused")
    func frequencyFactors() throws {
        for factor in [Float(0), -1, .nan, .infinity] {
            let found = try error { builder in
                builder.addTensor(
                    "rope_freqs.weight", type: .f32, dimensions: [8],
                    bytes: (0..<8).flatMap { _ in withUnsafeBytes(of: factor.bitPattern.littleEndian, Array.init) })
            }
            #expect(found?.code == .absurdValue && found?.field == "tensor 'rope_freqs.weight'")
        }
    }

    @Test("more tokens than rows of the embedding are refused")
    func vocabulary() throws {
        let found = try error {
            $0.set("tokenizer.ggml.tokens", .strings(TinyVocabulary.pieces + ["one too many"]))
        }
        #expect(found?.code == .wrongShape)
    }

    @Test("a huge context or a huge vocabulary costs nothing until it is used")
    func nothingAhead() throws {
        var builder = TinyModel(.llama).builder()
        builder.set("llama.context_length", .uint32(1 << 24))
        let fixture = try Fixture(builder, cacheBlocks: 1 << 20)
        #expect(fixture.cache.mappedBytes == 0)
        _ = try fixture.logits(fixture.cache.open([]), [1])
        #expect(fixture.cache.mappedBytes <= 64 << 20)
        #expect(fixture.model.memory.weightBytes == fixture.model.file.tensors.reduce(0) { $0 + $1.byteCount })
    }
}
