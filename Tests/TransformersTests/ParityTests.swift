import GGUF
import TestModels
import Testing
import Transformers

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

func exponential(_ x: Double) -> Double { exp(x) }
func logarithm(_ x: Double) -> Double { log(x) }

/// Bounds of docs/CORRECTNESS.md, which also names the command that compares many more positions.
@Suite("Logits agree with an independent float32 implementation")
struct ParityTests {
    static let types: [TensorType] = [.f32, .f16, .bf16, .q8_0, .q4_0, .q4_K, .q5_K, .q6_K]

    @Test("tiny models of every family and weight type", arguments: TinyModel.Family.allCases, types)
    func tinyModels(family: TinyModel.Family, type: TensorType) throws {
        let stored = try StoredLogits("\(family.rawValue)-\(type.name.lowercased())")
        let fixture = try Fixture(TinyModel(family, weights: type))
        let found = try divergence(fixture, stored)
        let isFloat = [.f32, .f16, .bf16].contains(type)
        #expect(found.mean <= (isFloat ? 1e-5 : 5e-3), "\(found)")
        #expect(found.clear > 0 && found.wrong == 0, "\(found)")
    }

    @Test("the demonstration models", arguments: ["juniper", "larch"])
    func demonstrationModels(name: String) throws {
        let stored = try StoredLogits(name)
        let fixture = try Fixture(GGUFFile(path: "\(StoredLogits.root)/Models/\(name).gguf"))
        let found = try divergence(fixture, stored)
        #expect(found.mean <= 5e-3, "\(found); after training anew: Tests/Parity/run --store")
        #expect(found.clear > 0 && found.wrong == 0, "\(found); after training anew: Tests/Parity/run --store")
    }

    private func divergence(_ fixture: Fixture, _ stored: StoredLogits) throws -> Divergence {
        let logits = try fixture.logits(fixture.cache.open([]), stored.tokens)
        return Divergence(reference: stored.logits, ours: stored.positions.map { logits[$0] })
    }
}
