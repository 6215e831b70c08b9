import GGUF
import TestModels
import Testing

/// Every check of the reader, each with a file that breaks it alone.
@Suite struct RefusalTests {
    @Test func aFileThatIsNotGGUF() {
        expect(refusal { $0.magic = Array("PK\u{3}\u{4}".utf8) }, .notGGUF, "header.magic", "is 50 4B 3 4")
        expect(refusal { $0.magic = Array("tjgg".utf8) }, .notGGUF, "header.magic", "from before GGUF")
        expect(refusal(of: []), .truncated, "header.magic", "needs 4 bytes")
    }

    @Test func versionsThatAreNotRead() {
        expect(refusal { $0.version = 1 }, .unsupportedVersion, "header.version", "is 1, a draft")
        expect(refusal { $0.version = 4 }, .unsupportedVersion, "header.version", "is 4; 2 and 3 are read")
        expect(refusal { $0.version = 0 }, .unsupportedVersion, "header.version", "is 0")
        expect(
            refusal { $0.version = UInt32(3).byteSwapped }, .unsupportedVersion, "header.version",
            "is 3 in big-endian order")
    }

    @Test(arguments: [UInt64(1) << 63, .max, 1 << 32, 100_000])
    func absurdCounts(_ count: UInt64) {
        expect(refusal { $0.tensorCount = count }, .truncated, "header.tensor_count", "is \(count)")
        expect(refusal { $0.metadataCount = count }, .truncated, "header.metadata_kv_count", "is \(count)")
    }

    @Test func countsThatTheFileCouldHoldButNobodyNeeds() {
        let padding = [UInt8](repeating: 0, count: 32 << 20)
        var builder = GGUFBuilder()
        builder.tensorCount = 1 << 20 + 1
        expect(refusal(of: builder.build() + padding), .malformedMetadata, "header.tensor_count", "more than the limit")
        builder.tensorCount = 0
        builder.metadataCount = 1 << 16 + 1
        expect(
            refusal(of: builder.build() + padding), .malformedMetadata, "header.metadata_kv_count",
            "more than the limit")
    }

    @Test func keys() {
        expect(refusal { $0.append(key: [], .bool(true)) }, .malformedMetadata, "metadata entry 19", "has 0 bytes")
        expect(
            refusal { $0.append(key: [UInt8](repeating: 97, count: 65_536), .bool(true)) }, .malformedMetadata,
            "metadata entry 19", "has 65536 bytes")
        expect(refusal { $0.append(key: [0xFF, 0x41], .bool(true)) }, .malformedMetadata, "entry 19", "is not UTF-8")
        expect(
            refusal { $0.append(key: Array("t.bool".utf8), .bool(true)) }, .malformedMetadata, "metadata 't.bool'",
            "appears twice")
    }

    @Test func values() {
        expect(refusal { $0.set("k", .raw(type: 13, bytes: [0])) }, .malformedMetadata, "'k' (type)", "type 13")
        expect(refusal { $0.set("k", .raw(type: 7, bytes: [2])) }, .malformedMetadata, "'k'", "a truth value of 2")
        expect(
            refusal { $0.set("k", .raw(type: 9, bytes: bytes(UInt32(7)) + bytes(UInt64(3)) + [0, 1, 9])) },
            .malformedMetadata, "'k'[2]", "a truth value of 9")
    }

    @Test(arguments: [UInt64(1) << 63, .max, .max - 7, 1 << 40])
    func absurdLengths(_ length: UInt64) {
        let string = GGUFBuilder.Value.raw(type: 8, bytes: bytes(length))
        expect(refusal { $0.set("k", string) }, .truncated, "metadata 'k'", "needs \(length) bytes")
        for type in MetadataType.allCases {
            let array = GGUFBuilder.Value.raw(type: 9, bytes: bytes(type.rawValue) + bytes(length))
            expect(refusal { $0.set("k", array) }, .truncated, "'k' (count)", "\(length) elements of type \(type)")
        }
        let inner = GGUFBuilder.Value.raw(
            type: 9, bytes: bytes(UInt32(8)) + bytes(UInt64(2)) + bytes(UInt64(0)) + bytes(length))
        expect(refusal { $0.set("k", inner) }, .truncated, "'k'[1]", "needs \(length) bytes")
    }

    @Test func arrays() {
        expect(
            refusal { $0.set("k", .raw(type: 9, bytes: bytes(UInt32(99)) + bytes(UInt64(0)))) }, .malformedMetadata,
            "'k' (element type)", "type 99")
        var nested = GGUFBuilder.Value.integers([1])
        for _ in 0..<3 { nested = .array(.array, [nested]) }
        #expect(refusal { $0.set("k", nested) } == nil)
        expect(
            refusal { $0.set("k", .array(.array, [nested])) }, .malformedMetadata, "'k'[0][0][0]", "more than 4 deep")
    }

    @Test func alignment() {
        let key = "metadata 'general.alignment'"
        for wrong in [UInt32(0), 1, 4, 24, 33, 1 << 22, 1 << 31] {
            expect(
                refusal { $0.set("general.alignment", .uint32(wrong)) }, .malformedMetadata, key,
                "is \(wrong), not a power")
        }
        expect(refusal { $0.set("general.alignment", .int64(-32)) }, .malformedMetadata, key, "is -32")
        expect(refusal { $0.set("general.alignment", .string("32")) }, .malformedMetadata, key, "is of type string")
        for right in [UInt32(8), 16, 64, 4096] {
            var builder = smallBuilder()
            builder.set("general.alignment", .uint32(right))
            builder.alignment = Int(right)
            #expect(refusal(of: builder.build()) == nil)
        }
    }

    @Test func everyTruncationIsNoticed() {
        // Without padding at the end, so that the last byte is the last tensor's.
        let whole = Array(smallBuilder().build())
        for count in 0..<whole.count {
            #expect(refusal(of: Array(whole[..<count])) != nil, "the first \(count) of \(whole.count) bytes open")
        }
        #expect(refusal(of: whole) == nil)
    }

    @Test func oneLineNamesFileFieldFindingAndRemedy() {
        let error = refusal { $0.tensors[1].offset = 33 }
        #expect(
            error?.description
                == "test.gguf: tensor 'b': has the offset 33, not a multiple of the alignment 32; "
                + "convert the model again with a current converter")
    }

    @Test func anAnswerToAClientNamesNoFolder() {
        let error = #expect(throws: GGUFError.self) { try GGUFFile(path: "/secret/place/x.gguf") }
        #expect(error?.description.contains("/secret") == false)
        #expect(error?.descriptionWithPath.hasPrefix("/secret/place/x.gguf: ") == true)
    }
}

/// Little-endian bytes of a number.
func bytes<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian) { Array($0) }
}

/// Expects an error of that kind, on that field, that says that.
func expect(
    _ error: GGUFError?, _ code: GGUFError.Code, _ field: String, _ problem: String,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    guard let error else {
        Issue.record("the file opens", sourceLocation: sourceLocation)
        return
    }
    #expect(error.code == code, "\(error)", sourceLocation: sourceLocation)
    #expect(error.field.contains(field), "\(error)", sourceLocation: sourceLocation)
    #expect(error.problem.contains(problem), "\(error)", sourceLocation: sourceLocation)
    #expect(!error.advice.isEmpty, sourceLocation: sourceLocation)
}
