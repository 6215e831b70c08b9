/// Reads numbers and strings from front to back and never past the end.
struct Cursor {
    let bytes: UnsafeRawBufferPointer
    let path: String
    private(set) var position = 0

    init(bytes: UnsafeRawBufferPointer, path: String) {
        self.bytes = bytes
        self.path = path
    }

    /// Bytes that are left.
    var remaining: Int {
        bytes.count - position
    }

    mutating func number<Number: FixedWidthInteger & BitwiseCopyable>(
        _ type: Number.Type, field: () -> String
    ) throws(GGUFError) -> Number {
        let size = MemoryLayout<Number>.size
        guard size <= remaining else {
            throw truncated(field: field(), need: UInt64(size))
        }
        let value = bytes.loadUnaligned(fromByteOffset: position, as: Number.self)
        position += size
        return Number(littleEndian: value)
    }

    /// Takes `count` bytes that a length field asked for.
    mutating func take(_ count: UInt64, field: () -> String) throws(GGUFError) -> UnsafeRawBufferPointer {
        guard count <= UInt64(remaining) else {
            throw truncated(field: field(), need: count)
        }
        let end = position + Int(count)
        let taken = UnsafeRawBufferPointer(rebasing: bytes[position..<end])
        position = end
        return taken
    }

    /// Passes over bytes that are known to be there.
    mutating func skip(_ count: Int) {
        precondition(count <= remaining, "a cursor never passes the end")
        position += count
    }

    /// A length and that many bytes.
    mutating func string(field: () -> String) throws(GGUFError) -> UnsafeBufferPointer<UInt8> {
        let count = try number(UInt64.self, field: { field() + " (length)" })
        return try take(count, field: field).assumingMemoryBound(to: UInt8.self)
    }

    func truncated(field: String, need: UInt64) -> GGUFError {
        GGUFError(
            code: .truncated, path: path, field: field,
            problem: "needs \(need) bytes at byte \(position), the file has \(remaining) left",
            advice: GGUFError.downloadAgain)
    }
}
