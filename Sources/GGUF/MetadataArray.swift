/// An array in the map. Its elements have been checked when the file was opened and are decoded when they are asked for.
public struct MetadataArray: @unchecked Sendable {
    /// The type of its elements.
    public let elementType: MetadataType

    /// The number of elements.
    public let count: Int

    /// The elements as they lie in the file, unaligned; valid while this value or the file lives.
    public let bytes: UnsafeRawBufferPointer

    /// What keeps the bytes in place.
    public let owner: any AnyObject & Sendable

    /// The strings, if the elements are strings.
    public let strings: MetadataStrings?

    /// The elements as whole numbers, if that is what they are and all of them fit.
    public var integers: [Int]? {
        withExtendedLifetime(owner) {
            switch elementType {
            case .uint8: decode(UInt8.self) { Int($0) }
            case .int8: decode(Int8.self) { Int($0) }
            case .uint16: decode(UInt16.self) { Int(UInt16(littleEndian: $0)) }
            case .int16: decode(Int16.self) { Int(Int16(littleEndian: $0)) }
            case .uint32: decode(UInt32.self) { Int(UInt32(littleEndian: $0)) }
            case .int32: decode(Int32.self) { Int(Int32(littleEndian: $0)) }
            case .uint64: decode(UInt64.self) { Int(exactly: UInt64(littleEndian: $0)) }
            case .int64: decode(Int64.self) { Int(Int64(littleEndian: $0)) }
            case .float32, .float64, .bool, .string, .array: nil
            }
        }
    }

    /// The elements as whole numbers of one byte, if they are whole numbers; what is out of their range becomes the nearest
    /// one.
    public var smallIntegers: [UInt8]? {
        withExtendedLifetime(owner) {
            switch elementType {
            case .int32: decode(Int32.self) { UInt8(clamping: Int32(littleEndian: $0)) }
            case .uint32: decode(UInt32.self) { UInt8(clamping: UInt32(littleEndian: $0)) }
            default: integers?.map { UInt8(clamping: $0) }
            }
        }
    }

    /// The elements as floats, if they are floats of either width.
    public var floats: [Float]? {
        withExtendedLifetime(owner) {
            switch elementType {
            case .float32: decode(UInt32.self) { Float(bitPattern: UInt32(littleEndian: $0)) }
            case .float64: decode(UInt64.self) { Float(Double(bitPattern: UInt64(littleEndian: $0))) }
            default: nil
            }
        }
    }

    /// The elements as truth values, if they are.
    public var bools: [Bool]? {
        guard elementType == .bool else { return nil }
        return withExtendedLifetime(owner) { decode(UInt8.self) { $0 != 0 } }
    }

    /// The first `limit` elements one by one, of whatever type: for display.
    public func values(limit: Int = .max) -> [MetadataValue] {
        var cursor = Cursor(bytes: bytes, path: "")
        var values: [MetadataValue] = []
        for _ in 0..<Swift.min(count, limit) {
            // The bytes were checked when the file was opened, so this does not fail.
            guard
                let value = try? cursor.value(
                    of: elementType, owner: owner, field: { "element" }, depth: 0)
            else { break }
            values.append(value)
        }
        return values
    }

    private func decode<Stored: BitwiseCopyable, Element>(
        _ stored: Stored.Type, _ convert: (Stored) -> Element?
    ) -> [Element]? {
        var elements: [Element] = []
        elements.reserveCapacity(count)
        for index in 0..<count {
            guard
                let element = convert(
                    bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<Stored>.size, as: Stored.self))
            else { return nil }
            elements.append(element)
        }
        return elements
    }
}
