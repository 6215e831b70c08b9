import GGUF
import TestModels
import Testing

@Suite struct SplitFileTests {
    /// The builder of one of three parts, with one tensor named `t0`, `t1`, `t2`.
    private func part(_ index: Int) -> GGUFBuilder {
        var builder = GGUFBuilder()
        if index == 0 {
            builder.set("general.architecture", .string("llama"))
            builder.set("general.name", .string("Split"))
        }
        builder.set("split.no", .uint16(UInt16(index)))
        builder.set("split.count", .uint16(3))
        builder.set("split.tensors.count", .int32(3))
        builder.addTensor(
            "t\(index)", type: .f32, dimensions: [4], bytes: [UInt8](repeating: UInt8(index + 1), count: 16))
        return builder
    }

    private func name(_ index: Int) -> String {
        "m-0000\(index + 1)-of-00003.gguf"
    }

    private func folder(_ change: (Int, inout GGUFBuilder) -> Void = { _, _ in }) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        for index in 0..<3 {
            var builder = part(index)
            change(index, &builder)
            try folder.write(builder.build(), as: name(index))
        }
        return folder
    }

    private func refusal(_ folder: TemporaryFolder, opening index: Int = 0) -> GGUFError? {
        do {
            _ = try GGUFFile(path: folder.file(name(index)))
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: 0..<3)
    func anyPartOpensAll(_ index: Int) throws {
        let folder = try folder()
        let file = try GGUFFile(path: folder.file(name(index)))
        #expect(file.partPaths == (0..<3).map { folder.file(name($0)) })
        #expect(file.name == folder.file(name(0)))
        #expect(file.metadata.string(MetadataKey.name) == "Split")
        #expect(file.tensors.map(\.name) == ["t0", "t1", "t2"])
        #expect(file.tensors.map(\.part) == [0, 1, 2])
        for (part, tensor) in file.tensors.enumerated() {
            #expect(file.bytes(of: tensor).allSatisfy { $0 == UInt8(part + 1) })
        }
        #expect(file.byteCount == file.partByteCounts.reduce(0) { $0 + UInt64($1) })
        file.prefetch()
    }

    @Test(arguments: 0..<3)
    func aMissingPartIsNamed(_ missing: Int) throws {
        let folder = try folder()
        let other = (missing + 1) % 3
        let kept = try TemporaryFolder()
        for index in 0..<3 where index != missing {
            try kept.write(try TemporaryFolder.read(folder.file(name(index))), as: name(index))
        }
        let error = refusal(kept, opening: other)
        expect(error, .missing, "file", "part \(missing + 1) of 3 is missing")
        #expect(error?.fileName == name(missing))
    }

    @Test func partsThatDoNotBelongTogether() throws {
        expect(
            refusal(try folder { if $0 == 1 { $1.set("split.count", .uint16(4)) } }), .mismatchedParts, "split.count",
            "is 4 where the other parts say 3")
        expect(
            refusal(try folder { if $0 == 1 { $1.remove("split.count") } }), .mismatchedParts, "split.count",
            "is missing where")
        expect(
            refusal(try folder { if $0 == 2 { $1.set("split.no", .uint16(1)) } }), .mismatchedParts, "split.no",
            "is 1 (counted from 0) where the file name means 2")
        expect(
            refusal(try folder { if $0 == 2 { $1.set("general.architecture", .string("qwen3")) } }), .mismatchedParts,
            "general.architecture", "parts of different models")
        expect(
            refusal(try folder { if $0 == 1 { $1.tensors[0].name = Array("t0".utf8) } }), .mismatchedParts,
            "tensor 't0'", "is in another part already")
        expect(
            refusal(try folder { $1.set("split.tensors.count", .int32($0 == 0 ? 5 : 5)) }), .mismatchedParts,
            "split.tensors.count", "is 5, the parts hold 3")
        expect(
            refusal(try folder { if $0 == 2 { $1.set("split.tensors.count", .int32(4)) } }), .mismatchedParts,
            "split.tensors.count", "parts of different models")
    }

    @Test func namesAndCountsThatDisagree() throws {
        expect(
            refusal(try folder { $1.set("split.count", .uint16($0 == 0 ? 2 : 3)) }), .mismatchedParts, "split.count",
            "is 2, the file name says 3")
        expect(
            refusal(try folder { $1.set("split.count", .uint16(65_535)) }), .mismatchedParts, "split.count",
            "not a number of parts up to 1024")
        expect(
            refusal(try folder { $1.set("split.count", .string("3")) }), .mismatchedParts, "split.count",
            "is of type string")
        let renamed = try TemporaryFolder()
        let path = try renamed.write(part(0).build(), as: "renamed.gguf")
        let error = #expect(throws: GGUFError.self) { try GGUFFile(path: path) }
        expect(error, .mismatchedParts, "file name", "does not end in '-NNNNN-of-00003.gguf'")
    }

    @Test func aDamagedPartIsNamed() throws {
        let folder = try folder()
        let whole = try TemporaryFolder.read(folder.file(name(1)))
        try folder.write(Array(whole.dropLast(20)), as: name(1))
        let error = refusal(folder)
        #expect(error?.code == .truncated)
        #expect(error?.fileName == name(1))
    }

    @Test func aWholeFileMayCarryAPartsNameOrACountOfOne() throws {
        let folder = try TemporaryFolder()
        var builder = smallBuilder()
        #expect(try GGUFFile(path: folder.write(builder.build(), as: "x-00001-of-00002.gguf")).partPaths.count == 1)
        builder.set("split.count", .uint16(1))
        #expect(try GGUFFile(path: folder.write(builder.build(), as: "x.gguf")).tensors.count == 3)
    }

    @Test func anEmbeddedFileMustBeWhole() {
        expect(GGUFTests.refusal(of: part(0).build()), .mismatchedParts, "split.count", "must be whole")
    }
}
