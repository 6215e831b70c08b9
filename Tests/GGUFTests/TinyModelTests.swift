import GGUF
import TestModels
import Testing

@Suite struct TinyModelTests {
    @Test(
        arguments: TinyModel.Family.allCases,
        [TensorType.f32, .f16, .bf16, .q8_0, .q4_0, .q4_K, .q5_K, .q6_K])
    func aTinyModelOpensWithAllItsTensors(_ family: TinyModel.Family, _ weights: TensorType) throws {
        let folder = try TemporaryFolder()
        let model = TinyModel(family, weights: weights)
        let file = try GGUFFile(path: model.write(into: folder))
        #expect(file.metadata.string(MetadataKey.architecture) == family.rawValue)
        #expect(file.metadata.integer(MetadataKey.headCount(family.rawValue)) == 4)
        #expect(file.metadata.string(MetadataKey.chatTemplate) == TinyVocabulary.chatTemplate)
        let query = try #require(file.tensor(named: TensorName.block(1, .attentionQuery)))
        #expect(query.type == weights)
        #expect(query.columns == model.embedding)
        #expect(query.rows == model.heads * model.headDimension)
        #expect(query.byteCount == query.elementCount / weights.blockSize * weights.blockBytes)
        let perLayer = [.llama: 9, .qwen2: 12, .qwen3: 11][family] ?? 0
        #expect(file.tensors.count == 2 + 2 * perLayer)
        file.prefetch()
        // The bytes are those that the builder wrote.
        let written = try #require(
            model.builder().tensors.first { $0.name == Array(query.name.utf8) })
        #expect(file.bytes(of: query).elementsEqual(written.bytes))
    }

    @Test func theSameSeedGivesTheSameFile() {
        #expect(TinyModel(.llama).bytes() == TinyModel(.llama).bytes())
        #expect(TinyModel(.llama).bytes() != TinyModel(.llama, seed: 2).bytes())
    }

    @Test func everyPieceOfTheTinyVocabularyIsThereOnce() {
        #expect(Set(TinyVocabulary.pieces).count == TinyVocabulary.pieces.count)
        #expect(TinyVocabulary.kinds.count == TinyVocabulary.pieces.count)
        for merge in TinyVocabulary.merges {
            let joined = merge.split(separator: " ").joined()
            #expect(TinyVocabulary.pieces.contains(joined))
        }
    }

    @Test func halvesAreRoundedAsTheProcessorDoes() {
        #if !(os(macOS) && arch(x86_64))
            var random = TestRandom(seed: 3)
            var values = (0..<200_000).map { _ in Float(bitPattern: UInt32(truncatingIfNeeded: random.next())) }
            // Where halves live: most random bit patterns are far outside.
            values += (0..<200_000).map { _ in
                random.normal() * Float(sign: .plus, exponent: random.below(48) - 30, significand: 1)
            }
            values += [
                0, -0.0, 65_504, 65_519.996, 65_520, .infinity, -.infinity, 0x1p-24, 0x1p-25, 0x1.8p-25, 0x1p-14,
            ]
            let different = values.first { value in
                !value.isNaN
                    && WeightEncoder.encode([value], as: .f16, random: &random) != bytes(Float16(value).bitPattern)
            }
            #expect(different == nil)
        #endif
    }
}
