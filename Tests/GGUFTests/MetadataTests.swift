import GGUF
import TestModels
import Testing

@Suite struct MetadataTests {
    @Test(arguments: [UInt32(2), 3])
    func everyTypeIsReadAsItWasWritten(_ version: UInt32) throws {
        var builder = smallBuilder()
        builder.version = version
        let memory = MemoryFile(builder.build())
        let file = try memory.open()
        let metadata = file.metadata
        #expect(file.version == Int(version))
        #expect(metadata.integer("t.uint8") == 200)
        #expect(metadata.integer("t.int8") == -100)
        #expect(metadata.integer("t.uint16") == 60_000)
        #expect(metadata.integer("t.int16") == -30_000)
        #expect(metadata.integer("t.uint32") == 4_000_000_000)
        #expect(metadata.integer("t.int32") == -2_000_000_000)
        #expect(metadata.float("t.float32") == 0.5)
        #expect(metadata.bool("t.bool") == true)
        #expect(metadata.string("t.string") == "tannenzapfen – ✓")
        #expect(metadata.integer("t.uint64") == nil, "2^63 does not fit and must not wrap")
        guard case .uint64(let large) = metadata["t.uint64"] else {
            Issue.record("t.uint64 is of another type")
            return
        }
        #expect(large == 1 << 63)
        #expect(metadata.integer("t.int64") == -1 << 62)
        #expect(metadata.float("t.float64") == 0.25)
        #expect(
            metadata.strings("t.strings").map { strings in strings.indices.map { strings.text($0) } } == [
                "a", "", "ccc", "\u{1F332}",
            ])
        #expect(metadata.integers("t.integers") == [1, -2, 3])
        #expect(metadata.floats("t.floats") == [0.5, -1.5])
        #expect(metadata["t.bools"]?.arrayValue?.bools == [true, false])
        #expect(metadata.keys.first == "general.architecture")
        #expect(metadata.keys.last == "t.nested")
        #expect(metadata.keys.count == 19)
    }

    @Test func nestedArraysAreReadElementByElement() throws {
        let memory = MemoryFile(smallBuilder().build())
        let nested = try #require(try memory.open().metadata["t.nested"]?.arrayValue)
        #expect(nested.elementType == .array)
        let inner = nested.values().compactMap(\.arrayValue)
        #expect(inner.count == 3)
        #expect(inner[0].integers == [1, 2])
        #expect(inner[1].strings?.text(1) == "yz")
        #expect(inner[2].integers == [])
        #expect(nested.values(limit: 1).count == 1)
    }

    @Test func aGetterOfAnotherTypeAnswersNothing() throws {
        let memory = MemoryFile(smallBuilder().build())
        let metadata = try memory.open().metadata
        #expect(metadata.string("t.bool") == nil)
        #expect(metadata.integer("t.string") == nil)
        #expect(metadata.integer("t.float32") == nil)
        #expect(metadata.bool("t.uint8") == nil)
        #expect(metadata.floats("t.integers") == nil)
        #expect(metadata.integers("t.strings") == nil)
        #expect(metadata.strings("t.integers") == nil)
        #expect(metadata.string("absent") == nil)
    }

    @Test func aRequiredKeySaysWhetherItIsAbsentOrOfAnotherType() throws {
        let memory = MemoryFile(smallBuilder().build())
        let metadata = try memory.open().metadata
        let absent = #expect(throws: GGUFError.self) { try metadata.requiredInteger("llama.block_count") }
        #expect(absent?.description.contains("metadata 'llama.block_count': is missing") == true)
        let other = #expect(throws: GGUFError.self) { try metadata.requiredString("t.bool") }
        #expect(other?.description.contains("is of type bool where a string is needed") == true)
        #expect(try metadata.requiredFloat("t.uint8") == 200)
    }

    @Test func stringsOutliveTheFile() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(smallBuilder().build(), as: "x.gguf")
        let strings = try #require(try GGUFFile(path: path).metadata.strings("t.strings"))
        let text = try #require(try GGUFFile(path: path).metadata["t.string"])
        // Both files are gone; the map is not.
        #expect(strings.text(2) == "ccc")
        #expect(text.stringValue == "tannenzapfen – ✓")
        #expect(strings.map { Array($0) }.first == [0x61])
        let layout = strings.starts.dropLast().enumerated().map { index, start in
            UnsafeRawBufferPointer(start: strings.base + Int(start) + 8, count: strings[index].count)
        }
        #expect(layout[3].elementsEqual("\u{1F332}".utf8))
    }

    @Test func textThatIsNoUnicodeIsReplacedNotRefused() throws {
        var builder = smallBuilder()
        builder.set("t.odd", .raw(type: 8, bytes: [2, 0, 0, 0, 0, 0, 0, 0, 0x41, 0xFF]))
        let memory = MemoryFile(builder.build())
        #expect(try memory.open().metadata.string("t.odd") == "A\u{FFFD}")
    }
}
