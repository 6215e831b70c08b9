import CKernels

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

/// Blocks and their values by an independent implementation: reference/dequantised.txt, made by reference/make_golden.py.
struct GoldenVector {
    let name: String
    let stored: [UInt8]
    let values: [Float]

    static func all() -> [GoldenVector] {
        let path = String(#filePath.dropLast("GoldenVectors.swift".count)) + "reference/dequantised.txt"
        return read(path).split(separator: UInt8(ascii: "\n")).map { line in
            let fields = line.split(separator: UInt8(ascii: " "))
            let bytes = hex(fields[2])
            let values = stride(from: 0, to: bytes.count, by: 4).map { at -> Float in
                let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[at + $1]) << UInt32(8 * $1) }
                return Float(bitPattern: bits)
            }
            return GoldenVector(
                name: String(decoding: fields[0], as: UTF8.self), stored: hex(fields[1]), values: values)
        }
    }

    private static func read(_ path: String) -> [UInt8] {
        guard let file = fopen(path, "rb") else { return [] }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
        return bytes
    }

    private static func hex(_ digits: ArraySlice<UInt8>) -> [UInt8] {
        let nibbles = digits.map { UInt8($0 < 58 ? $0 - 48 : $0 - 87) }
        return stride(from: 0, to: nibbles.count, by: 2).map { nibbles[$0] << 4 | nibbles[$0 + 1] }
    }
}
