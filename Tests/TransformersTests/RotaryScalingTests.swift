import GGUF
import Tensors
import TestModels
import Testing

@testable import Transformers

/// The values are those of Hugging Face's transformers 5.24 (`ROPE_INIT_FUNCTIONS`) for 16 elements and a base of 10,000.
@Suite("RoPE scaling from metadata")
struct RotaryScalingTests {
    private func expect(
        _ frequencies: [Float], magnitude: Float = 1, _ change: (inout GGUFBuilder) -> Void
    ) throws {
        var builder = TinyModel(.llama).builder()
        change(&builder)
        let table = try TransformerModel(Fixture.open(builder)).rotaryTable
        #expect(abs(table.magnitude - magnitude) < 1e-6)
        for (found, wanted) in zip(table.frequencies, frequencies) {
            #expect(abs(Float(found) / wanted - 1) < 1e-6, "\(found), not \(wanted)")
        }
        #expect(table.frequencies.count == frequencies.count)
    }

    private let plain: [Float] = [
        1, 0.316227764, 0.100000001, 0.0316227786, 0.00999999978, 0.00316227786, 0.00100000005, 0.000316227786,
    ]

    @Test("none")
    func none() throws {
        try expect(plain) { _ in }
        try expect(plain) { $0.set("llama.rope.scaling.type", .string("none")) }
        try expect(plain) { $0.set("llama.rope.scaling.factor", .float32(1)) }
    }

    @Test("linear, by its key of today and of old")
    func linear() throws {
        let stretched: [Float] = [
            0.25, 0.079056941, 0.0250000004, 0.00790569466, 0.00249999994, 0.000790569466, 0.000250000012,
            7.90569466e-05,
        ]
        try expect(stretched) {
            $0.set("llama.rope.scaling.type", .string("linear"))
            $0.set("llama.rope.scaling.factor", .float32(4))
        }
        try expect(stretched) { $0.set("llama.rope.scale_linear", .float32(4)) }
    }

    @Test("YaRN, with its usual and with other parameters")
    func yarn() throws {
        try expect(
            [
                1, 0.237170815, 0.049999997, 0.00790569466, 0.00249999994, 0.000790569466, 0.000250000012,
                7.90569466e-05,
            ], magnitude: 1.138629436
        ) {
            $0.set("llama.rope.scaling.type", .string("yarn"))
            $0.set("llama.rope.scaling.factor", .float32(4))
            $0.set("llama.rope.scaling.original_context_length", .uint32(128))
        }
        try expect(
            [
                1, 0.316227764, 0.100000001, 0.0316227786, 0.00708333263, 0.00131761574, 0.000125000006,
                3.95284733e-05,
            ], magnitude: 1.207944154
        ) {
            $0.set("llama.rope.scaling.type", .string("yarn"))
            $0.set("llama.rope.scaling.factor", .float32(8))
            $0.set("llama.rope.scaling.original_context_length", .uint32(4096))
            $0.set("llama.rope.scaling.yarn_beta_fast", .float32(16))
            $0.set("llama.rope.scaling.yarn_beta_slow", .float32(2))
        }
    }

    @Test("Llama 3.1: factors in rope_freqs.weight")
    func llama3() throws {
        let factors: [Float] = [1, 1, 1, 1, 1, 1, 4.68148185, 8]
        try expect(Array(plain[..<6]) + [0.000213607578, 3.95284733e-05]) {
            $0.addTensor(
                "rope_freqs.weight", type: .f32, dimensions: [8],
                bytes: factors.flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian, Array.init) })
        }
    }

    @Test("a scaling that does not run is refused by name")
    func unknown() throws {
        var builder = TinyModel(.llama).builder()
        builder.set("llama.rope.scaling.type", .string("longrope"))
        let file = try Fixture.open(builder)
        #expect {
            try TransformerModel(file)
        } throws: { error in
            let error = error as? ModelError
            return error?.code == .unsupportedFeature && error?.problem.contains("'longrope'") == true
        }
    }
}
