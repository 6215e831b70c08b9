/// Where a valid file's counts, lengths, types, dimensions and offsets lie: written apart from the reader, for the fuzzer.
struct FieldMap {
    /// Offset and width of each number.
    private(set) var fields: [(offset: Int, width: Int)] = []

    private let bytes: [UInt8]
    private var position = 4

    init(of bytes: [UInt8]) {
        self.bytes = bytes
        _ = next(4)
        let tensors = next(8)
        let entries = next(8)
        for _ in 0..<entries {
            string()
            value(of: next(4))
        }
        for _ in 0..<tensors {
            string()
            for _ in 0..<next(4) { _ = next(8) }
            _ = next(4)
            _ = next(8)
        }
    }

    private mutating func next(_ width: Int) -> UInt64 {
        fields.append((position, width))
        let value = (0..<width).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64(bytes[position + $1]) }
        position += width
        return value
    }

    private mutating func string() {
        let length = next(8)
        position += Int(length)
    }

    private mutating func value(of type: UInt64) {
        switch type {
        case 0, 1, 7: _ = next(1)
        case 2, 3: _ = next(2)
        case 4, 5, 6: _ = next(4)
        case 8: string()
        case 9:
            let element = next(4)
            for _ in 0..<next(8) { value(of: element) }
        default: _ = next(8)
        }
    }
}
