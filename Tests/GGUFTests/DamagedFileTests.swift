import Foundation
import GGUF
import TestModels
import Testing

/// Files that another process cuts short while they are mapped. Without the guard each of these ends the test's process.
@Suite struct DamagedFileTests {
    private let folder: TemporaryFolder
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = try TinyModel(.llama).write(into: folder, as: "model.gguf")
    }

    private func sum(_ file: GGUFFile) -> Int {
        file.tensors.reduce(0) { sum, tensor in file.bytes(of: tensor).reduce(sum) { $0 &+ Int($1) } }
    }

    private func cut(to bytes: Int) throws {
        #expect(truncate(path, off_t(bytes)) == 0)
    }

    @Test func `a whole file is not damaged, nor is one that was renamed away`() throws {
        let file = try GGUFFile(path: path)
        #expect(!file.isDamaged)
        let before = sum(file)
        try folder.write([], as: "new.gguf")
        #expect(rename(folder.file("new.gguf"), path) == 0)
        #expect(before > 0 && sum(file) == before && !file.isDamaged)
    }

    @Test func `reading what is gone gives zeros, and the file is damaged from then on`() throws {
        let file = try GGUFFile(path: path)
        let bytes = file.byteCount
        try cut(to: 0)
        #expect(sum(file) == 0 && file.headerBytes(ofPart: 0).allSatisfy { $0 == 0 })
        #expect(file.isDamaged)
        try cut(to: Int(bytes))
        #expect(file.isDamaged, "a file that has grown again is not the one that was checked")
    }

    @Test func `damage at the end is seen before anything was read, and leaves the beginning alone`() throws {
        let file = try GGUFFile(path: path)
        #expect(file.byteCount > 1 << 16)
        try cut(to: 1 << 15)
        #expect(file.isDamaged)
        #expect(file.headerBytes(ofPart: 0).starts(with: Array("GGUF".utf8)))
        #expect(file.metadata.string("general.architecture") == "llama")
    }

    @Test func `fetching ahead a file that is gone ends, and finds it damaged`() throws {
        let file = try GGUFFile(path: path)
        try cut(to: 0)
        file.prefetch()
        #expect(file.isDamaged)
    }

    @Test func `many threads that stumble at once all live`() throws {
        let file = try GGUFFile(path: path)
        try cut(to: 0)
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            for tensor in file.tensors.reversed() { #expect(file.bytes(of: tensor).allSatisfy { $0 == 0 }) }
        }
        #expect(file.isDamaged)
    }

    @Test func `one file's damage is not another's, and its place is free when it is closed`() throws {
        let other = try GGUFFile(path: TinyModel(.qwen3).write(into: folder, as: "other.gguf"))
        for _ in 0..<100 {
            _ = try TinyModel(.llama).write(into: folder, as: "model.gguf")
            let file = try GGUFFile(path: path)
            #expect(!file.isDamaged)
            try cut(to: 0)
            #expect(file.isDamaged)
        }
        #expect(!other.isDamaged && sum(other) > 0)
    }

    #if os(Linux)
        @Test func `the zeros go with the map`() throws {
            var file: GGUFFile? = try GGUFFile(path: path)
            let start = try #require(file?.headerBytes(ofPart: 0).baseAddress)
            let pages = (try #require(file).byteCount + 4_095) / 4_096
            try cut(to: 0)
            #expect(file?.isDamaged == true && file.map(sum) == 0)
            file = nil
            // Nothing is mapped there, or what is belongs to someone who came since; never our own private zeros.
            let maps = String(decoding: try TemporaryFolder.read("/proc/self/maps"), as: UTF8.self)
            let end = UInt(bitPattern: start) + UInt(pages) * 4_096
            let ours = String(UInt(bitPattern: start), radix: 16) + "-" + String(end, radix: 16) + " r--p"
            #expect(!maps.contains(ours))
        }
    #endif
}
