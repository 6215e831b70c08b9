import GGUF
import TestModels
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Compares metadata and tensors of real files with what PyPI's gguf reads from them (`reference/digest.py`).
@Suite struct ReferenceTests {
    @Test(.enabled(if: SharedData.isPresent), arguments: SharedData.files(in: "data/vocab", suffix: ".gguf"))
    func aRealVocabularyIsReadAsByTheReference(_ name: String) throws {
        let path = try #require(SharedData.path("data/vocab/\(name)"))
        let expected = try #require(try lines(of: referenceFolder + "/vocabularies.txt")[name], "no digest is stored")
        #expect(try digest(of: path) == expected)
    }

    /// `python3 reference/digest.py FOLDER/*.gguf > FOLDER/digests.txt; CONIFER_GGUF_FOLDER=FOLDER swift test --filter anyFolder`
    @Test(.enabled(if: folder != nil, "set CONIFER_GGUF_FOLDER to a folder with digests.txt to run it"))
    func anyFolderIsReadAsByTheReference() throws {
        let folder = try #require(folder)
        let lines = try lines(of: folder + "/digests.txt")
        for (name, expected) in lines.sorted(by: { $0.key < $1.key }) {
            #expect(try digest(of: folder + "/" + name) == expected)
            print("compared \(name): \(expected)")
        }
        #expect(!lines.isEmpty)
    }

    /// The lines of a file of digests by their first word.
    private func lines(of path: String) throws -> [String: String] {
        let text = String(decoding: try TemporaryFolder.read(path), as: UTF8.self)
        let pairs = text.split(separator: "\n").compactMap { line -> (String, String)? in
            let words = line.split(separator: " ", maxSplits: 1)
            return words.count == 2 ? (String(words[0]), String(words[1])) : nil
        }
        return Dictionary(uniqueKeysWithValues: pairs)
    }

    /// The line that `digest.py` would write, without the name.
    private func digest(of path: String) throws -> String {
        let file = try GGUFFile(path: path)
        var metadata = Checksum()
        for key in file.metadata.keys {
            let value = try #require(file.metadata[key])
            metadata.update(Array(key.utf8) + [0] + bytes(value.type.rawValue))
            metadata.update(payload(of: value))
        }
        var tensors = Checksum()
        for tensor in file.tensors {
            var content = Checksum()
            content.update(file.bytes(of: tensor))
            tensors.update(Array(tensor.name.utf8) + [0] + bytes(tensor.type.rawValue))
            tensors.update(bytes(UInt32(tensor.dimensions.count)) + tensor.dimensions.flatMap { bytes(UInt64($0)) })
            tensors.update(bytes(UInt64(tensor.offset)) + bytes(UInt64(tensor.byteCount)) + bytes(content.value))
        }
        return "\(file.metadata.keys.count) \(metadata.text) \(file.tensors.count) \(tensors.text)"
    }

    private func payload(of value: MetadataValue) -> [UInt8] {
        switch value {
        case .uint8(let number): bytes(number)
        case .int8(let number): bytes(number)
        case .uint16(let number): bytes(number)
        case .int16(let number): bytes(number)
        case .uint32(let number): bytes(number)
        case .int32(let number): bytes(number)
        case .uint64(let number): bytes(number)
        case .int64(let number): bytes(number)
        case .float32(let number): bytes(number.bitPattern)
        case .float64(let number): bytes(number.bitPattern)
        case .bool(let truth): [truth ? 1 : 0]
        case .string(let text): bytes(UInt64(text.bytes.count)) + Array(text.bytes)
        case .array(let array):
            bytes(array.elementType.rawValue) + bytes(UInt64(array.count))
                + (array.strings.map { strings in strings.flatMap { bytes(UInt64($0.count)) + Array($0) } }
                    ?? Array(array.bytes))
        }
    }
}

private let folder = getenv("CONIFER_GGUF_FOLDER").map { String(cString: $0) }
private let here = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast()
private let referenceFolder = here.joined(separator: "/") + "/reference"

/// CRC-32 as in zlib.
private struct Checksum {
    private(set) var value: UInt32 = 0

    var text: String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }

    mutating func update(_ bytes: some Sequence<UInt8>) {
        var sum = ~value
        for byte in bytes { sum = Self.table[Int(UInt8(truncatingIfNeeded: sum) ^ byte)] ^ (sum >> 8) }
        value = ~sum
    }

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { sum, _ in sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
    }
}
