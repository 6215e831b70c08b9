/// UTF-8 text with the class of each byte's scalar beside it: a run of letters is a run of bytes, whatever their width.
struct ClassifiedText {
    /// Well-formed UTF-8.
    let bytes: UnsafeBufferPointer<UInt8>

    /// For each byte the class of the scalar that it belongs to.
    let classes: [ScalarClass]

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
        let table = ScalarClassTable.shared
        classes = [ScalarClass](unsafeUninitializedCapacity: bytes.count) { classes, initialized in
            var position = 0
            while position < bytes.count {
                let lead = bytes[position]
                let (scalar, length) = lead < 0x80 ? (UInt32(lead), 1) : Self.decode(bytes, at: position)
                let value = table[scalar]
                for offset in position..<position + length { classes.initializeElement(at: offset, to: value) }
                position += length
            }
            initialized = bytes.count
        }
    }

    /// The number of bytes.
    var count: Int { bytes.count }

    /// The scalar whose first byte is at a position.
    @inline(__always)
    func scalar(at position: Int) -> UInt32 {
        let lead = bytes[position]
        return lead < 0x80 ? UInt32(lead) : Self.decode(bytes, at: position).scalar
    }

    /// Where the scalar at a position ends.
    @inline(__always)
    func after(_ position: Int) -> Int {
        let lead = bytes[position]
        return position + (lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4)
    }

    /// Where the scalar begins that ends at a position.
    @inline(__always)
    func before(_ position: Int) -> Int {
        var start = position - 1
        while bytes[start] & 0xC0 == 0x80 { start -= 1 }
        return start
    }

    /// Where the run of scalars ends that are in one of some classes, from `position`.
    @inline(__always)
    func run(of wanted: ScalarClass, from position: Int, to end: Int) -> Int {
        var position = position
        while position < end, !classes[position].isDisjoint(with: wanted) { position += 1 }
        return position
    }

    /// Where the run of scalars ends that are in none of some classes, from `position`.
    @inline(__always)
    func run(outside unwanted: ScalarClass, from position: Int, to end: Int) -> Int {
        var position = position
        while position < end, classes[position].isDisjoint(with: unwanted) { position += 1 }
        return position
    }

    /// Whether the scalar at a position is in one of some classes; false at the end.
    @inline(__always)
    func isIn(_ wanted: ScalarClass, at position: Int, to end: Int) -> Bool {
        position < end && !classes[position].isDisjoint(with: wanted)
    }

    private static func decode(_ bytes: UnsafeBufferPointer<UInt8>, at position: Int) -> (scalar: UInt32, length: Int) {
        let lead = UInt32(bytes[position])
        func next(_ offset: Int) -> UInt32 { UInt32(bytes[position + offset]) & 0x3F }
        if lead < 0xE0 { return ((lead & 0x1F) << 6 | next(1), 2) }
        if lead < 0xF0 { return ((lead & 0x0F) << 12 | next(1) << 6 | next(2), 3) }
        return ((lead & 0x07) << 18 | next(1) << 12 | next(2) << 6 | next(3), 4)
    }
}
