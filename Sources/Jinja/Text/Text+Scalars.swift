/// Access by Unicode scalars, Python's unit of length and index. Constant time for ASCII, linear otherwise.
extension Text {
    var scalarCount: Int {
        if isKnownASCII { return count }
        return bytes.reduce(into: 0) { total, byte in if byte & 0xc0 != 0x80 { total += 1 } }
    }

    /// The scalar that starts at an offset of bytes, and the bytes it takes.
    func scalar(at offset: Int) -> (scalar: Unicode.Scalar, width: Int) {
        let start = lower + offset
        let first = storage.bytes[start]
        if first < 0x80 { return (Unicode.Scalar(first), 1) }
        let width = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
        var value = UInt32(first) & (0x7f >> UInt32(width))
        for index in start + 1..<min(start + width, upper) { value = value << 6 | UInt32(storage.bytes[index] & 0x3f) }
        return (Unicode.Scalar(value) ?? "\u{fffd}", width)
    }

    /// The offset of the bytes of the n-th scalar, from 0 up to and with the number of scalars.
    func offset(ofScalar index: Int) -> Int {
        if isKnownASCII { return min(index, count) }
        var remaining = index
        var offset = 0
        while remaining > 0, offset < count {
            offset += 1
            while offset < count, storage.bytes[lower + offset] & 0xc0 == 0x80 { offset += 1 }
            remaining -= 1
        }
        return offset
    }

    /// The number of scalars before an offset of bytes.
    func scalarIndex(ofOffset offset: Int) -> Int { slice(0..<offset).scalarCount }

    func slice(scalars range: Range<Int>) -> Text {
        let start = offset(ofScalar: range.lowerBound)
        let rest = slice(start..<count)
        return rest.slice(0..<rest.offset(ofScalar: range.count))
    }

    /// Calls the body with each scalar and the offset of its first byte, until it returns false.
    func forEachScalar(_ body: (Unicode.Scalar, _ offset: Int) -> Bool) {
        var offset = 0
        while offset < count {
            let (scalar, width) = scalar(at: offset)
            if !body(scalar, offset) { return }
            offset += width
        }
    }

    /// The first scalar; nil when empty.
    var firstScalar: Unicode.Scalar? { isEmpty ? nil : scalar(at: 0).scalar }

    /// The scalars as texts of one scalar each.
    var characters: [Text] {
        var result: [Text] = []
        var offset = 0
        while offset < count {
            let width = scalar(at: offset).width
            result.append(slice(offset..<offset + width))
            offset += width
        }
        return result
    }

    /// A text of ASCII in which each byte is replaced.
    func mapBytes(_ transform: (UInt8, _ offset: Int) -> UInt8) -> Text {
        let builder = TextBuilder()
        storage.forEachRun(in: lower..<upper) { range, trusted in
            let bytes = zip(range, storage.bytes[range]).map { transform($1, $0 - lower) }
            builder.append(bytes, trusted: trusted)
        }
        return builder.text(isMarkup: isMarkup)
    }

    /// A text in which each scalar is replaced; what replaces it keeps its trust.
    func mapScalars(_ transform: (Unicode.Scalar, _ offset: Int) -> String) -> Text {
        let builder = TextBuilder()
        builder.storage.reserve(count)
        var offset = 0
        while offset < count {
            let (scalar, width) = scalar(at: offset)
            builder.append(transform(scalar, offset), trusted: storage.isTrusted(at: lower + offset))
            offset += width
        }
        return builder.text(isMarkup: isMarkup)
    }
}
