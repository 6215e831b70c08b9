import GGUF
import TestModels

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Damages valid files and opens what comes out. The same seed damages in the same way.
struct Fuzzer {
    /// What became of the cases.
    struct Outcome {
        var opened = 0
        var refused: [GGUFError.Code: Int] = [:]

        /// One line for the log.
        var summary: String {
            let codes = refused.sorted { "\($0.key)" < "\($1.key)" }.map { "\($0.key) \($0.value)" }
            return "opened \(opened), refused: \(codes.joined(separator: ", "))"
        }
    }

    private var random: TestRandom
    private let seeds: [(bytes: [UInt8], fields: [(offset: Int, width: Int)])]
    private var arena = GuardedArena(capacity: 1 << 16)

    init(seed: UInt64) {
        random = TestRandom(seed: seed)
        seeds = Self.validFiles().map { ($0, FieldMap(of: $0).fields) }
    }

    /// Opens `cases` damaged files and reads all that the reader gives out.
    mutating func run(cases: Int) -> Outcome {
        var outcome = Outcome()
        for number in 0..<cases {
            let content = damaged()
            do {
                // One time in two the file ends where memory ends, one time in two where a sanitiser's red zone begins.
                if number % 2 == 0 {
                    try Self.readEverything(GGUFFile(bytes: arena.place(content), name: "fuzz"))
                } else {
                    let memory = MemoryFile(content)
                    try Self.readEverything(memory.open())
                }
                outcome.opened += 1
            } catch let error as GGUFError {
                precondition(!error.description.isEmpty)
                outcome.refused[error.code, default: 0] += 1
            } catch {
                preconditionFailure("the reader threw \(error)")
            }
        }
        return outcome
    }

    private static func validFiles() -> [[UInt8]] {
        var second = smallBuilder()
        second.version = 2
        second.set("general.alignment", .uint32(64))
        second.alignment = 64
        var vocabulary = GGUFBuilder()
        vocabulary.set("tokenizer.ggml.tokens", .strings(Array(TinyVocabulary.pieces.prefix(40))))
        vocabulary.set("tokenizer.ggml.token_type", .integers([Int32](repeating: 1, count: 40)))
        vocabulary.set("tokenizer.ggml.scores", .floats([Float](repeating: -1, count: 40)))
        return [smallBuilder().build(), second.build(), vocabulary.build()]
    }

    private mutating func damaged() -> [UInt8] {
        let (valid, fields) = seeds[random.below(seeds.count)]
        var content = valid
        for _ in 0...random.below(3) {
            if content.isEmpty { break }
            switch random.below(10) {
            case 0: flipBits(&content)
            case 1: content.removeLast(random.below(content.count))
            case 2: splice(&content)
            case 3: content.removeSubrange(range(in: content))
            case 4: content.insert(contentsOf: content[range(in: content)], at: random.below(content.count))
            case 5: content[random.below(content.count)] = UInt8(truncatingIfNeeded: random.next())
            case 6: overwrite(&content, at: random.below(content.count), width: 8)
            default:
                let field = fields[random.below(fields.count)]
                overwrite(&content, at: field.offset, width: field.width)
            }
        }
        return content
    }

    private mutating func flipBits(_ content: inout [UInt8]) {
        for _ in 0...random.below(8) { content[random.below(content.count)] ^= 1 << UInt8(random.below(8)) }
    }

    /// A stretch of the file, or of another one, over another stretch.
    private mutating func splice(_ content: inout [UInt8]) {
        let donor = seeds[random.below(seeds.count)].bytes
        let piece = donor[range(in: donor)]
        let start = random.below(content.count)
        for (index, byte) in zip(start..., piece) where index < content.count { content[index] = byte }
    }

    private mutating func range(in content: [UInt8]) -> Range<Int> {
        let start = random.below(content.count)
        return start..<min(content.count, start + 1 + random.below(64))
    }

    /// Numbers on which arithmetic breaks, and those next to what was there.
    private mutating func overwrite(_ content: inout [UInt8], at offset: Int, width: Int) {
        let extremes: [UInt64] = [
            0, 1, 2, 7, 8, 9, 12, 13, 31, 32, 63, 64, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF,
            1 << 32, 1 << 40, 1 << 61, 1 << 62, .max >> 1, 1 << 63, .max - 8, .max - 7, .max - 1, .max,
        ]
        var number = extremes[random.below(extremes.count)]
        if random.below(4) == 0 {
            number = (0..<width).reversed().reduce(UInt64(0)) { sum, index in
                sum << 8 | (offset + index < content.count ? UInt64(content[offset + index]) : 0)
            }
            number &+= UInt64(bitPattern: Int64(random.below(9) - 4))
        }
        if random.below(8) == 0 { number = random.next() >> UInt64(random.below(64)) }
        for index in 0..<width where offset + index < content.count {
            content[offset + index] = UInt8(truncatingIfNeeded: number >> UInt64(8 * index))
        }
    }

    /// Touches every byte that an opened file promises, so that a wrong promise is a crash here.
    private static func readEverything(_ file: GGUFFile) throws {
        var sum: UInt64 = 0
        for key in file.metadata.keys {
            guard let value = file.metadata[key] else { preconditionFailure("a listed key has no value") }
            read(value, &sum, depth: 0)
        }
        for tensor in file.tensors {
            precondition(file.tensor(named: tensor.name) == tensor)
            precondition(tensor.elementCount % tensor.type.blockSize == 0)
            precondition(tensor.byteCount == tensor.elementCount / tensor.type.blockSize * tensor.type.blockBytes)
            for byte in file.bytes(of: tensor) { sum &+= UInt64(byte) }
        }
        let ordered = file.tensors.sorted { $0.offset < $1.offset }
        for (first, second) in zip(ordered, ordered.dropFirst()) {
            precondition(first.offset + first.byteCount <= second.offset)
        }
        for byte in file.headerBytes(ofPart: 0) { sum &+= UInt64(byte) }
    }

    private static func read(_ value: MetadataValue, _ sum: inout UInt64, depth: Int) {
        precondition(depth <= Limits.arrayDepth)
        if let text = value.stringValue { sum &+= UInt64(text.utf8.count) }
        guard let array = value.arrayValue else { return }
        for strings in [array.strings].compactMap(\.self) {
            for bytes in strings { for byte in bytes { sum &+= UInt64(byte) } }
        }
        sum &+= UInt64(array.integers?.count ?? 0) &+ UInt64(array.floats?.count ?? 0)
        let elements = array.values()
        precondition(elements.count == array.count, "an array's elements cannot all be read again")
        for element in elements { read(element, &sum, depth: depth + 1) }
    }
}

/// Memory that ends at a page which nobody may read.
final class GuardedArena {
    private let base: UnsafeMutableRawPointer
    private let capacity: Int
    private let page = Int(getpagesize())

    init(capacity: Int) {
        self.capacity = (capacity + page - 1) / page * page
        let size = self.capacity + page
        guard let map = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0), map != MAP_FAILED,
            mprotect(map + self.capacity, page, PROT_NONE) == 0
        else { preconditionFailure("no memory for the fuzzer") }
        base = map
    }

    deinit {
        munmap(base, capacity + page)
    }

    /// The bytes, as close to the end as a start at a multiple of 8 allows.
    func place(_ content: [UInt8]) -> UnsafeRawBufferPointer {
        precondition(content.count <= capacity)
        let start = (capacity - content.count) / 8 * 8
        let target = UnsafeMutableRawBufferPointer(start: base + start, count: content.count)
        target.copyBytes(from: content)
        return UnsafeRawBufferPointer(target)
    }
}
