import OrderedCollections
import OrderedJSON
import Testing

/// A small deterministic generator, so that a failure repeats.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}

@Suite("Random documents")
struct RandomDocumentTests {
    static let styles: [JSONStyle] = [
        .compact, .pretty, .python, JSONStyle(indentation: "", escapesNonASCII: true),
    ]

    @Test("What is written is read back equal, in every style")
    func roundTrips() throws {
        var generator = SplitMix(state: 1)
        for _ in 0..<2000 {
            let json = Self.randomValue(&generator, depth: 0)
            for style in Self.styles {
                #expect(try JSON(parsing: json.serializedBytes(style)) == json)
            }
        }
    }

    @Test("Mutated documents give a value that can be written again, or an error inside the document")
    func survivesMutations() throws {
        var generator = SplitMix(state: 2)
        var parsed = 0
        for _ in 0..<5000 {
            var bytes = Self.randomValue(&generator, depth: 0).serializedBytes(.python)
            for _ in 0..<Int.random(in: 1...4, using: &generator) { Self.mutate(&bytes, &generator) }
            if try Self.check(bytes) { parsed += 1 }
        }
        #expect(parsed > 100)
        #expect(parsed < 4900)
    }

    @Test("Random bytes, and random tokens of the grammar")
    func survivesNoise() throws {
        var generator = SplitMix(state: 3)
        let tokens = [
            "{", "}", "[", "]", ",", ":", "\"", "\\", "u", "1", "-", ".", "e", "true", "null", " ", "é", "\"k\"",
        ]
        for _ in 0..<5000 {
            let length = Int.random(in: 0...40, using: &generator)
            _ = try Self.check((0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) })
            let text = (0..<length).map { _ in tokens.randomElement(using: &generator) ?? "" }.joined()
            _ = try Self.check(Array(text.utf8))
        }
    }

    /// Whether the bytes parse; the value must then survive being written and read.
    static func check(_ bytes: [UInt8]) throws(JSONError) -> Bool {
        let json: JSON
        do throws(JSONError) {
            json = try JSON(parsing: bytes)
        } catch {
            #expect((0...bytes.count).contains(error.offset))
            return false
        }
        let again = try JSON(parsing: json.serializedBytes())
        #expect(again == json)
        return true
    }

    static func mutate(_ bytes: inout [UInt8], _ generator: inout SplitMix) {
        let index = Int.random(in: 0...bytes.count, using: &generator)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0 where index < bytes.count: bytes[index] = UInt8.random(in: 0...255, using: &generator)
        case 1 where index < bytes.count: bytes.remove(at: index)
        case 2: bytes.removeSubrange(index...)
        default: bytes.insert(bytes.randomElement(using: &generator) ?? 0x5b, at: index)
        }
    }

    static func randomValue(_ generator: inout SplitMix, depth: Int) -> JSON {
        switch Int.random(in: 0..<(depth < 5 ? 8 : 6), using: &generator) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &generator))
        case 2: return .integer(Int64.random(in: .min ... .max, using: &generator))
        case 3: return .integer(Int64.random(in: -9...9, using: &generator))
        case 4:
            let value = Double(bitPattern: generator.next())
            return .number(value.isFinite ? value : 0.5)
        case 5: return .string(randomText(&generator))
        case 6:
            let count = Int.random(in: 0...5, using: &generator)
            return .array((0..<count).map { _ in randomValue(&generator, depth: depth + 1) })
        default:
            var members: OrderedDictionary<String, JSON> = [:]
            for _ in 0..<Int.random(in: 0...5, using: &generator) {
                members[randomText(&generator)] = randomValue(&generator, depth: depth + 1)
            }
            return .object(members)
        }
    }

    static func randomText(_ generator: inout SplitMix) -> String {
        var text = ""
        for _ in 0..<Int.random(in: 0...8, using: &generator) {
            let limit: UInt32 = [0x20, 0x80, 0x800, 0x11_0000].randomElement(using: &generator) ?? 0x80
            if let scalar = Unicode.Scalar(UInt32.random(in: 0..<limit, using: &generator)) {
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
