/// The spelling of bytes in the pieces of byte-level BPE vocabularies, as GPT-2 introduced it: printable Latin-1 stands for
/// itself, the other 68 bytes for U+0100 and up (a space is `Ġ`, a line break `Ċ`).
enum ByteAlphabet {
    /// The scalar that stands for each byte; all are below U+0144.
    static let scalars: [UInt16] = {
        var scalars: [UInt16] = []
        var next: UInt16 = 0x100
        for byte in UInt16(0)...255 {
            if (0x21...0x7E).contains(byte) || (0xA1...0xAC).contains(byte) || byte >= 0xAE {
                scalars.append(byte)
            } else {
                scalars.append(next)
                next += 1
            }
        }
        return scalars
    }()

    /// The byte that each scalar below U+0144 stands for, or nil.
    private static let bytes: [UInt8?] = {
        var bytes = [UInt8?](repeating: nil, count: 0x144)
        for (byte, scalar) in scalars.enumerated() { bytes[Int(scalar)] = UInt8(byte) }
        return bytes
    }()

    /// Appends the spelling of a byte in UTF-8.
    @inline(__always)
    static func append(_ byte: UInt8, to spelling: inout [UInt8]) {
        let scalar = scalars[Int(byte)]
        if scalar < 0x80 {
            spelling.append(UInt8(scalar))
        } else {
            spelling.append(0xC0 | UInt8(scalar >> 6))
            spelling.append(0x80 | UInt8(scalar & 0x3F))
        }
    }

    /// Appends the bytes that a piece spells; a piece with a scalar outside the alphabet stands for its own text.
    static func appendBytes(spelledBy piece: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) {
        let start = output.count
        var position = 0
        while position < piece.count {
            let lead = piece[position]
            var scalar = Int(lead)
            position += 1
            if lead >= 0x80, position < piece.count {
                // All of the alphabet has at most two bytes; the lead of a longer sequence gives a scalar outside it.
                scalar = lead < 0xE0 ? Int(lead & 0x1F) << 6 | Int(piece[position] & 0x3F) : Int.max
                position += 1
            }
            guard scalar < bytes.count, let byte = bytes[scalar] else {
                output.removeSubrange(start...)
                output.append(contentsOf: piece)
                return
            }
            output.append(byte)
        }
    }
}
