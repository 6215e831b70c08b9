/// An array of strings in the map: 150,000 tokens without one Swift string.
///
/// In the file each string is its length in 8 bytes, then its bytes. Positions are kept as 32-bit offsets, so string `i`
/// lies at `base + starts[i] + 8 ..< base + starts[i + 1]`.
public struct MetadataStrings: @unchecked Sendable, RandomAccessCollection {
    /// The array's first byte in the map: the length of string 0.
    public let base: UnsafeRawPointer

    /// Where each string's length field lies, counted from `base`, and at the end where the array ends: `count + 1` numbers.
    public let starts: [UInt32]

    /// What keeps the bytes in place: keep it as long as any pointer into them.
    public let owner: any AnyObject & Sendable

    /// Always 0.
    public var startIndex: Int { 0 }

    /// The number of strings.
    public var endIndex: Int { starts.count - 1 }

    /// The bytes of a string; valid while `owner` lives.
    public subscript(index: Int) -> UnsafeBufferPointer<UInt8> {
        let start = Int(starts[index]) + 8
        let count = Int(starts[index + 1]) - start
        return UnsafeBufferPointer(start: (base + start).assumingMemoryBound(to: UInt8.self), count: count)
    }

    /// A string; bytes that are no UTF-8 come out as U+FFFD.
    public func text(_ index: Int) -> String {
        withExtendedLifetime(owner) { String(decoding: self[index], as: UTF8.self) }
    }
}
