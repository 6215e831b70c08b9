/// One metadata value. Strings and arrays point into the map and keep it alive; nothing is copied until it is asked for.
public enum MetadataValue: Sendable {
    case uint8(UInt8)
    case int8(Int8)
    case uint16(UInt16)
    case int16(Int16)
    case uint32(UInt32)
    case int32(Int32)
    case float32(Float)
    case bool(Bool)
    case string(MetadataText)
    case array(MetadataArray)
    case uint64(UInt64)
    case int64(Int64)
    case float64(Double)

    /// Its type in the file.
    public var type: MetadataType {
        switch self {
        case .uint8: .uint8
        case .int8: .int8
        case .uint16: .uint16
        case .int16: .int16
        case .uint32: .uint32
        case .int32: .int32
        case .float32: .float32
        case .bool: .bool
        case .string: .string
        case .array: .array
        case .uint64: .uint64
        case .int64: .int64
        case .float64: .float64
        }
    }

    /// The number, if this is a whole number of any width that fits.
    public var integerValue: Int? {
        switch self {
        case .uint8(let value): Int(value)
        case .int8(let value): Int(value)
        case .uint16(let value): Int(value)
        case .int16(let value): Int(value)
        case .uint32(let value): Int(value)
        case .int32(let value): Int(value)
        case .uint64(let value): Int(exactly: value)
        case .int64(let value): Int(value)
        case .float32, .float64, .bool, .string, .array: nil
        }
    }

    /// The number, if this is one: a float of either width, or a whole number.
    public var doubleValue: Double? {
        switch self {
        case .float32(let value): Double(value)
        case .float64(let value): value
        default: integerValue.map(Double.init)
        }
    }

    /// The truth value, if this is one.
    public var boolValue: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// The text, if this is one. Bytes that are no UTF-8 come out as U+FFFD.
    public var stringValue: String? {
        guard case .string(let text) = self else { return nil }
        return text.description
    }

    /// The array, if this is one.
    public var arrayValue: MetadataArray? {
        guard case .array(let array) = self else { return nil }
        return array
    }
}

/// A string's bytes in the map.
public struct MetadataText: @unchecked Sendable, CustomStringConvertible {
    /// The bytes; usually, but not surely, UTF-8. Valid while this value or the file lives.
    public let bytes: UnsafeBufferPointer<UInt8>

    /// What keeps the bytes in place.
    public let owner: any AnyObject & Sendable

    /// The text; bytes that are no UTF-8 come out as U+FFFD.
    public var description: String {
        withExtendedLifetime(owner) { String(decoding: bytes, as: UTF8.self) }
    }
}
