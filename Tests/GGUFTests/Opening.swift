import GGUF
import TestModels

/// A file that is given as bytes, kept in memory at a multiple of 64 for as long as the value lives.
final class MemoryFile {
    let bytes: UnsafeMutableRawBufferPointer

    init(_ content: [UInt8]) {
        bytes = .allocate(byteCount: content.count, alignment: 64)
        bytes.copyBytes(from: content)
    }

    deinit {
        bytes.deallocate()
    }

    func open() throws(GGUFError) -> GGUFFile {
        try GGUFFile(bytes: UnsafeRawBufferPointer(bytes), name: "test.gguf")
    }
}

/// The error with which a file is refused, or nil if it opens.
func refusal(of content: [UInt8]) -> GGUFError? {
    let file = MemoryFile(content)
    do {
        _ = try file.open()
        return nil
    } catch {
        return error
    }
}

/// The error with which what the builder writes is refused, after a change.
func refusal(_ change: (inout GGUFBuilder) -> Void) -> GGUFError? {
    var builder = smallBuilder()
    change(&builder)
    return refusal(of: builder.build())
}

/// A valid file with a value of every type, nested arrays and three tensors.
func smallBuilder() -> GGUFBuilder {
    var builder = GGUFBuilder()
    builder.set("general.architecture", .string("llama"))
    builder.set("general.alignment", .uint32(32))
    builder.set("t.uint8", .uint8(200))
    builder.set("t.int8", .int8(-100))
    builder.set("t.uint16", .uint16(60_000))
    builder.set("t.int16", .int16(-30_000))
    builder.set("t.uint32", .uint32(4_000_000_000))
    builder.set("t.int32", .int32(-2_000_000_000))
    builder.set("t.float32", .float32(0.5))
    builder.set("t.bool", .bool(true))
    builder.set("t.string", .string("tannenzapfen – ✓"))
    builder.set("t.uint64", .uint64(1 << 63))
    builder.set("t.int64", .int64(-1 << 62))
    builder.set("t.float64", .float64(0.25))
    builder.set("t.strings", .strings(["a", "", "ccc", "\u{1F332}"]))
    builder.set("t.integers", .integers([1, -2, 3]))
    builder.set("t.floats", .floats([0.5, -1.5]))
    builder.set("t.bools", .array(.bool, [.bool(true), .bool(false)]))
    builder.set("t.nested", .array(.array, [.integers([1, 2]), .strings(["x", "yz"]), .integers([])]))
    builder.addTensor("a", type: .f32, dimensions: [4, 2], bytes: [UInt8](repeating: 1, count: 32))
    builder.addTensor("b", type: .q8_0, dimensions: [32], bytes: [UInt8](repeating: 2, count: 34))
    builder.addTensor("c", type: .f16, dimensions: [2, 2, 2, 2], bytes: [UInt8](repeating: 3, count: 32))
    return builder
}
