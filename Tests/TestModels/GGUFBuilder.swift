public import GGUF

/// Writes GGUF files for tests: valid ones by default, broken ones where a test overrides a field.
///
/// ```swift
/// var builder = GGUFBuilder()
/// builder.set("general.architecture", .string("llama"))
/// builder.addTensor("output_norm.weight", type: .f32, dimensions: [4], bytes: [UInt8](repeating: 0, count: 16))
/// builder.tensorCount = 1 << 63          // a lie
/// let bytes = builder.build()
/// ```
public struct GGUFBuilder: Sendable {
    /// A metadata value of any type, and bytes that claim to be one.
    public indirect enum Value: Sendable {
        case uint8(UInt8)
        case int8(Int8)
        case uint16(UInt16)
        case int16(Int16)
        case uint32(UInt32)
        case int32(Int32)
        case float32(Float)
        case bool(Bool)
        case string(String)
        case uint64(UInt64)
        case int64(Int64)
        case float64(Double)
        case strings([String])
        case integers([Int32])
        case floats([Float])
        /// An array of values, all of type `MetadataType`; arrays nest.
        case array(MetadataType, [Value])
        /// A type number and the bytes behind it, whatever they are.
        case raw(type: UInt32, bytes: [UInt8])
    }

    /// One tensor. The overrides replace what would be true.
    public struct Tensor: Sendable {
        /// The name's bytes.
        public var name: [UInt8]
        /// The type's number in the file.
        public var type: UInt32
        /// Dimensions as written.
        public var dimensions: [UInt64]
        /// The data as written.
        public var bytes: [UInt8]
        /// Written as the number of dimensions instead of the true one.
        public var dimensionCount: UInt32?
        /// Written as the offset instead of the true one.
        public var offset: UInt64?
        /// Written as the name's length instead of the true one.
        public var nameLength: UInt64?
    }

    /// The first four bytes.
    public var magic: [UInt8] = Array("GGUF".utf8)

    /// The version as written.
    public var version: UInt32 = 3

    /// Where tensors begin; write `general.alignment` yourself if it is not 32.
    public var alignment = 32

    /// Written as the number of tensors instead of the true one.
    public var tensorCount: UInt64?

    /// Written as the number of metadata entries instead of the true one.
    public var metadataCount: UInt64?

    /// The tensors in order.
    public var tensors: [Tensor] = []

    private var metadata: [(key: [UInt8], value: Value)] = []

    /// An empty file.
    public init() {}

    /// Sets a metadata entry, in place if the key is there already.
    public mutating func set(_ key: String, _ value: Value) {
        let bytes = Array(key.utf8)
        if let index = metadata.firstIndex(where: { $0.key == bytes }) {
            metadata[index].value = value
        } else {
            metadata.append((bytes, value))
        }
    }

    /// Adds an entry even where the key is there already, with a key of any bytes.
    public mutating func append(key: [UInt8], _ value: Value) {
        metadata.append((key, value))
    }

    /// Takes an entry out.
    public mutating func remove(_ key: String) {
        metadata.removeAll { $0.key == Array(key.utf8) }
    }

    /// Adds a tensor; `dimensions[0]` is the contiguous one.
    public mutating func addTensor(_ name: String, type: TensorType, dimensions: [Int], bytes: [UInt8]) {
        tensors.append(
            Tensor(
                name: Array(name.utf8), type: type.rawValue, dimensions: dimensions.map(UInt64.init), bytes: bytes))
    }

    /// The file's bytes.
    public func build() -> [UInt8] {
        var out = ByteWriter()
        out.append(magic)
        out.append(version)
        out.append(tensorCount ?? UInt64(tensors.count))
        out.append(metadataCount ?? UInt64(metadata.count))
        for (key, value) in metadata {
            out.append(UInt64(key.count))
            out.append(key)
            out.append(value)
        }
        var offset: UInt64 = 0
        for tensor in tensors {
            out.append(tensor.nameLength ?? UInt64(tensor.name.count))
            out.append(tensor.name)
            out.append(tensor.dimensionCount ?? UInt32(tensor.dimensions.count))
            for dimension in tensor.dimensions { out.append(dimension) }
            out.append(tensor.type)
            out.append(tensor.offset ?? offset)
            offset += UInt64(padded(tensor.bytes.count))
        }
        if !tensors.isEmpty { out.pad(to: alignment) }
        for tensor in tensors {
            out.append(tensor.bytes)
            out.pad(to: alignment)
        }
        return out.bytes
    }

    /// Writes the file.
    public func write(to path: String) throws {
        try TemporaryFolder.write(build(), to: path)
    }

    private func padded(_ count: Int) -> Int {
        (count + alignment - 1) / alignment * alignment
    }
}
