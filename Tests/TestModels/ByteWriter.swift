import GGUF

/// Little-endian bytes, appended one after another.
struct ByteWriter {
    var bytes: [UInt8] = []

    mutating func append(_ more: [UInt8]) {
        bytes.append(contentsOf: more)
    }

    mutating func append<Number: FixedWidthInteger>(_ number: Number) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func append(_ text: String) {
        append(UInt64(text.utf8.count))
        append(Array(text.utf8))
    }

    mutating func pad(to alignment: Int) {
        bytes.append(contentsOf: repeatElement(0, count: (alignment - bytes.count % alignment) % alignment))
    }

    /// A value's type and bytes.
    mutating func append(_ value: GGUFBuilder.Value) {
        append(value.typeNumber)
        appendPayload(of: value)
    }

    private mutating func appendPayload(of value: GGUFBuilder.Value) {
        switch value {
        case .uint8(let number): append(number)
        case .int8(let number): append(number)
        case .uint16(let number): append(number)
        case .int16(let number): append(number)
        case .uint32(let number): append(number)
        case .int32(let number): append(number)
        case .uint64(let number): append(number)
        case .int64(let number): append(number)
        case .float32(let number): append(number.bitPattern)
        case .float64(let number): append(number.bitPattern)
        case .bool(let truth): append(UInt8(truth ? 1 : 0))
        case .string(let text): append(text)
        case .strings(let texts): appendArray(.string, texts.map { .string($0) })
        case .integers(let numbers): appendArray(.int32, numbers.map { .int32($0) })
        case .floats(let numbers): appendArray(.float32, numbers.map { .float32($0) })
        case .array(let type, let values): appendArray(type, values)
        case .raw(_, let raw): append(raw)
        }
    }

    private mutating func appendArray(_ type: MetadataType, _ values: [GGUFBuilder.Value]) {
        append(type.rawValue)
        append(UInt64(values.count))
        for value in values { appendPayload(of: value) }
    }
}

extension GGUFBuilder.Value {
    /// The type's number in the file.
    fileprivate var typeNumber: UInt32 {
        switch self {
        case .uint8: 0
        case .int8: 1
        case .uint16: 2
        case .int16: 3
        case .uint32: 4
        case .int32: 5
        case .float32: 6
        case .bool: 7
        case .string: 8
        case .strings, .integers, .floats, .array: 9
        case .uint64: 10
        case .int64: 11
        case .float64: 12
        case .raw(let type, _): type
        }
    }
}
