/// What a pre-tokeniser asks of a Unicode scalar, as bits. None is set for control characters, separators that are no
/// white space, and unassigned scalars.
struct ScalarClass: OptionSet, Sendable {
    let rawValue: UInt8

    /// `\p{L}`
    static let letter = ScalarClass(rawValue: 1)
    /// `\p{N}`
    static let number = ScalarClass(rawValue: 2)
    /// `\p{M}`
    static let mark = ScalarClass(rawValue: 4)
    /// `\p{P}`
    static let punctuation = ScalarClass(rawValue: 8)
    /// `\p{S}`
    static let symbol = ScalarClass(rawValue: 16)
    /// `\s`: the property White_Space.
    static let whiteSpace = ScalarClass(rawValue: 32)
    /// `\p{Lu}` and `\p{Lt}`; also a letter.
    static let upper = ScalarClass(rawValue: 64)
    /// `\p{Ll}`; also a letter.
    static let lower = ScalarClass(rawValue: 128)
}

/// The classes of all scalars in two steps: `blocks[scalar / 128]` says where its block of 128 begins in `classes`.
struct ScalarClassTable: Sendable {
    /// The one table.
    static let shared = ScalarClassTable()

    private let blocks: [UInt16]
    private let classes: [UInt8]

    private init() {
        var blocks: [UInt16] = []
        blocks.reserveCapacity(0x11_0000 >> 7)
        var classes: [UInt8] = []
        // Where the block of each class value begins that has this value throughout, such as the planes without letters.
        var uniform = [Int](repeating: -1, count: 256)
        let runs = ScalarRuns.packed
        var run = 0
        func runEnd(_ run: Int) -> UInt32 { run + 1 < runs.count ? runs[run + 1] & 0xFF_FFFF : 0x11_0000 }
        for start in stride(from: UInt32(0), to: 0x11_0000, by: 128) {
            while runEnd(run) <= start { run += 1 }
            let value = UInt8(runs[run] >> 24)
            if runEnd(run) >= start + 128 {
                if uniform[Int(value)] < 0 {
                    uniform[Int(value)] = classes.count >> 7
                    classes.append(contentsOf: repeatElement(value, count: 128))
                }
                blocks.append(UInt16(uniform[Int(value)]))
                continue
            }
            blocks.append(UInt16(classes.count >> 7))
            var inner = run
            for scalar in start..<start + 128 {
                while runEnd(inner) <= scalar { inner += 1 }
                classes.append(UInt8(runs[inner] >> 24))
            }
        }
        self.blocks = blocks
        self.classes = classes
    }

    /// The classes of a scalar below 0x110000.
    subscript(scalar: UInt32) -> ScalarClass {
        ScalarClass(rawValue: classes[Int(blocks[Int(scalar >> 7)]) << 7 | Int(scalar & 127)])
    }
}
