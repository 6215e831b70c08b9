import GGUF
import TestModels
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

@Suite struct OpeningTests {
    private func error(opening path: String) -> GGUFError? {
        do {
            _ = try GGUFFile(path: path)
            return nil
        } catch {
            return error
        }
    }

    @Test func aMissingFileIsNamed() throws {
        expect(error(opening: "/nowhere/x.gguf"), .missing, "file", "cannot be opened (No such file")
    }

    @Test func whatIsNoFileIsRefusedAndNeverWaitedFor() throws {
        let folder = try TemporaryFolder()
        expect(error(opening: folder.path), .unreadable, "file", "is a folder")
        expect(error(opening: "/dev/null"), .unreadable, "file", "is not a regular file")
        // Opening a pipe that nobody writes to would wait for ever.
        mkfifo(folder.file("pipe"), 0o600)
        expect(error(opening: folder.file("pipe")), .unreadable, "file", "is not a regular file")
        expect(error(opening: try folder.write([], as: "empty")), .truncated, "file", "is empty")
        expect(error(opening: try folder.write([71], as: "one")), .truncated, "header.magic", "needs 4 bytes")
    }

    @Test func embeddedBytesMustBeAligned() {
        let memory = MemoryFile([0] + smallBuilder().build())
        let shifted = UnsafeRawBufferPointer(rebasing: memory.bytes[1...])
        let error = #expect(throws: GGUFError.self) { try GGUFFile(bytes: shifted, name: "embedded") }
        expect(error, .unreadable, "bytes", "multiple of 8")
    }

    @Test func embeddedBytesAreUsedWhereTheyLie() throws {
        let memory = MemoryFile(smallBuilder().build())
        let file = try memory.open()
        let tensor = try #require(file.tensor(named: "a"))
        #expect(
            file.bytes(of: tensor).baseAddress
                == UnsafeRawPointer(memory.bytes.baseAddress)?.advanced(by: tensor.offset))
        #expect(file.byteCount == UInt64(memory.bytes.count))
        #expect(file.name == "test.gguf")
        file.prefetch()
    }

    @Test func theHeaderEndsBeforeTheTensors() throws {
        let memory = MemoryFile(smallBuilder().build())
        let file = try memory.open()
        let header = file.headerBytes(ofPart: 0)
        let first = try #require(file.tensors.first)
        #expect(header.count <= first.offset)
        #expect(first.offset - header.count < 32)
    }

    @Test func aMapEndsWithItsFile() throws {
        #if os(Linux)
            let folder = try TemporaryFolder()
            let path = try TinyModel(.llama).write(into: folder, as: "mapped-once.gguf")
            func isMapped() throws -> Bool {
                String(decoding: try TemporaryFolder.read("/proc/self/maps"), as: UTF8.self).contains(path)
            }
            var file: GGUFFile? = try GGUFFile(path: path)
            file?.prefetch()
            #expect(try isMapped())
            file = nil
            #expect(try !isMapped())
        #endif
    }
}
