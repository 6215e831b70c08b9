/// How SentencePiece spells text in pieces: `▁` (U+2581) for a space, `<0x0A>` for a byte.
enum SentencePieceSpelling {
    /// `▁` in UTF-8.
    static let space: [UInt8] = [0xE2, 0x96, 0x81]

    /// Whether `▁` stands at a position.
    @inline(__always)
    static func isSpace(_ bytes: UnsafeBufferPointer<UInt8>, at position: Int) -> Bool {
        position + 2 < bytes.count && bytes[position] == 0xE2 && bytes[position + 1] == 0x96
            && bytes[position + 2] == 0x81
    }

    /// The spelling of a byte token.
    static func name(_ byte: UInt8) -> [UInt8] {
        let digits = Array("0123456789ABCDEF".utf8)
        return Array("<0x".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]] + Array(">".utf8)
    }

    /// The byte that a byte token is spelled as, or nil if it is no `<0xHH>`.
    static func byte(_ piece: UnsafeBufferPointer<UInt8>) -> UInt8? {
        guard piece.count == 6, piece[0] == 0x3C, piece[1] == 0x30, piece[2] | 0x20 == 0x78, piece[5] == 0x3E else {
            return nil
        }
        guard let high = digit(piece[3]), let low = digit(piece[4]) else { return nil }
        return high << 4 | low
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }

    /// Appends text with its spaces spelled as `▁`.
    static func append(_ text: UnsafeBufferPointer<UInt8>, to spelling: inout [UInt8]) {
        for byte in text {
            if byte == 0x20 { spelling.append(contentsOf: space) } else { spelling.append(byte) }
        }
    }

    /// Appends text with its spaces spelled as `▁`, runs of them as one, those at both ends as none.
    static func appendTrimmed(_ text: UnsafeBufferPointer<UInt8>, to spelling: inout [UInt8]) {
        var isPending = false
        var isFirst = true
        for byte in text {
            if byte == 0x20 {
                isPending = !isFirst
                continue
            }
            if isPending { spelling.append(contentsOf: space) }
            spelling.append(byte)
            isPending = false
            isFirst = false
        }
    }

    /// Appends a piece's text: `▁` is a space.
    static func appendText(_ piece: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) {
        var position = 0
        while position < piece.count {
            if isSpace(piece, at: position) {
                output.append(0x20)
                position += 3
            } else {
                output.append(piece[position])
                position += 1
            }
        }
    }
}
