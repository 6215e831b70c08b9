import GGUF
import TestModels
import Testing

@Suite struct TensorTableTests {
    @Test func tensorsLieWhereTheFileSays() throws {
        let memory = MemoryFile(smallBuilder().build())
        let file = try memory.open()
        #expect(file.tensors.map(\.name) == ["a", "b", "c"])
        let second = try #require(file.tensor(named: "b"))
        #expect(second.type == .q8_0)
        #expect(second.dimensions == [32])
        #expect(second.rows == 1)
        #expect(second.byteCount == 34)
        #expect(file.bytes(of: second).allSatisfy { $0 == 2 })
        let third = try #require(file.tensor(named: "c"))
        #expect(third.columns == 2)
        #expect(third.rows == 8)
        #expect(third.elementCount == 16)
        #expect(third.offset % 32 == 0)
        #expect(file.bytes(of: third).allSatisfy { $0 == 3 })
        #expect(file.tensor(named: "d") == nil)
    }

    @Test func names() {
        expect(refusal { $0.tensors[1].name = [] }, .malformedTensor, "'1'", "has a name of 0 bytes")
        let longest = [UInt8](repeating: 97, count: 64)
        #expect(refusal { $0.tensors[1].name = longest } == nil)
        expect(refusal { $0.tensors[1].name = longest + [97] }, .malformedTensor, "'1'", "has a name of 65 bytes")
        expect(refusal { $0.tensors[1].name = [0xC3] }, .malformedTensor, "'1'", "not UTF-8")
        expect(refusal { $0.tensors[1].name = Array("a".utf8) }, .malformedTensor, "'a'", "appears twice")
        expect(refusal { $0.tensors[1].nameLength = 1 << 63 }, .truncated, "tensor 1 (name)", "needs")
        expect(refusal { $0.tensors[1].nameLength = .max }, .truncated, "tensor 1 (name)", "needs")
    }

    @Test func dimensions() {
        expect(refusal { $0.tensors[2].dimensions = [2, 2, 2, 2, 1] }, .malformedTensor, "'c'", "has 5 dimensions")
        expect(refusal { $0.tensors[2].dimensionCount = .max }, .malformedTensor, "'c'", "has 4294967295 dimensions")
        expect(refusal { $0.tensors[2].dimensions[1] = 0 }, .malformedTensor, "'c'", "dimension 1 is zero")
        expect(refusal { $0.tensors[2].dimensions[0] = 0 }, .malformedTensor, "'c'", "dimension 0 is zero")
        expect(
            refusal { $0.tensors[2].dimensions[3] = 1 << 63 }, .malformedTensor, "'c'",
            "dimension 3 is 9223372036854775808")
        expect(refusal { $0.tensors[2].dimensions[3] = 1 << 62 }, .malformedTensor, "'c'", "product is more")
        // Each step fits, the bytes do not; and a product that wraps to something small.
        expect(refusal { $0.tensors[0].dimensions = [1 << 61, 2] }, .malformedTensor, "'a'", "product is more")
        expect(refusal { $0.tensors[0].dimensions = [1 << 32, 1 << 32] }, .malformedTensor, "'a'", "product is more")
        expect(refusal { $0.tensors[0].dimensions = [1 << 60] }, .truncated, "'a'", "pass the end")
        expect(refusal { $0.tensors[1].dimensions = [33] }, .malformedTensor, "'b'", "not a multiple of the 32")
        expect(refusal { $0.tensors[1].dimensions = [16, 2] }, .malformedTensor, "'b'", "has 16 columns")
    }

    @Test func aScalarHasNoDimensions() throws {
        var builder = smallBuilder()
        builder.addTensor("scalar", type: .f32, dimensions: [], bytes: [0, 0, 0x80, 0x3F])
        let memory = MemoryFile(builder.build())
        let scalar = try #require(try memory.open().tensor(named: "scalar"))
        #expect(scalar.elementCount == 1)
        #expect(scalar.byteCount == 4)
    }

    @Test func places() {
        expect(refusal { $0.tensors[1].offset = 16 }, .malformedTensor, "'b'", "not a multiple of the alignment 32")
        expect(refusal { $0.tensors[2].offset = 1 << 63 }, .truncated, "'c'", "pass the end")
        expect(refusal { $0.tensors[2].offset = UInt64.max - 31 }, .truncated, "'c'", "pass the end")
        expect(refusal { $0.tensors[2].offset = 128 }, .truncated, "'c'", "pass the end")
        expect(refusal { $0.tensors[1].offset = 0 }, .malformedTensor, "'b'", "inside tensor 'a'")
        // b has 34 bytes, so it takes two units of alignment.
        expect(refusal { $0.tensors[2].offset = 64 }, .malformedTensor, "'c'", "inside tensor 'b'")
        expect(refusal { $0.tensors[2].offset = 32 }, .malformedTensor, "'", "inside tensor '")
    }

    @Test func tensorsMayLieInAnyOrder() throws {
        var builder = smallBuilder()
        builder.tensors[0].offset = 96
        builder.tensors[2].offset = 0
        #expect(refusal(of: builder.build()) == nil)
    }

    @Test(arguments: [(UInt32(4), "Q4_2"), (5, "Q4_3"), (31, "Q4_0_4_4"), (33, "Q4_0_8_8"), (36, "IQ4_NL_4_4")])
    func typesThatGgmlHasRemoved(_ number: UInt32, _ name: String) {
        expect(refusal { $0.tensors[0].type = number }, .unknownTensorType, "'a' (type)", "is \(number), \(name)")
    }

    @Test(arguments: [UInt32(42), 255, .max])
    func typesThatNobodyKnows(_ number: UInt32) {
        expect(
            refusal { $0.tensors[0].type = number }, .unknownTensorType, "'a' (type)", "is \(number), which names no")
    }

    @Test(arguments: TensorType.allCases)
    func everyTypeIsRecognised(_ type: TensorType) throws {
        var builder = GGUFBuilder()
        builder.addTensor(
            "t", type: type, dimensions: [type.blockSize, 3],
            bytes: [UInt8](repeating: 7, count: 3 * type.blockBytes))
        let memory = MemoryFile(builder.build())
        let tensor = try #require(try memory.open().tensor(named: "t"))
        #expect(tensor.type == type)
        #expect(tensor.byteCount == 3 * type.blockBytes)
        // The file may end with the tensor's last byte, and not one byte before.
        let end = tensor.offset + tensor.byteCount
        #expect(refusal(of: Array(memory.bytes[..<end])) == nil)
        #expect(refusal(of: Array(memory.bytes[..<(end - 1)]))?.code == .truncated)
    }

    @Test func typesCarryTheNamesThatPeopleKnow() {
        #expect(TensorType.q4_K.name == "Q4_K")
        #expect(TensorType.iq2_XXS.name == "IQ2_XXS")
        #expect(TensorType.bf16.name == "BF16")
        #expect(TensorType.allCases.count == 34)
    }
}
