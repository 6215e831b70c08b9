import TestModels

/// Reference logits of an independent float32 implementation, written by Tests/Parity/store.py (which says what a file
/// holds).
struct StoredLogits {
    let tokens: [Int32]
    let positions: [Int]
    /// `[positions, vocabulary]`
    let logits: [[Float]]

    /// The repository's root: Tests/TransformersTests/StoredLogits.swift → three up.
    static let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
        .joined(separator: "/")

    init(_ name: String) throws {
        let bytes = try TemporaryFolder.read("\(Self.root)/Tests/TransformersTests/reference/\(name).logits")
        var offset = 0
        func integer() -> Int32 {
            defer { offset += 4 }
            return bytes.withUnsafeBytes {
                Int32(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: Int32.self))
            }
        }
        let count = Int(integer())
        tokens = (0..<count).map { _ in integer() }
        let vocabulary = Int(integer())
        let rows = Int(integer())
        positions = (0..<rows).map { _ in Int(integer()) }
        var logits: [[Float]] = []
        for _ in 0..<rows {
            logits.append(
                (0..<vocabulary).map { index in
                    Self.float(UInt16(bytes[offset + 2 * index]) | UInt16(bytes[offset + 2 * index + 1]) << 8)
                })
            offset += 2 * vocabulary
        }
        self.logits = logits
    }

    /// binary16 by its definition; the reference holds no infinities.
    private static func float(_ bits: UInt16) -> Float {
        let fraction = Float(bits & 0x3FF)
        let exponent = Int(bits >> 10 & 0x1F)
        let magnitude =
            exponent == 0
            ? fraction * 0x1p-24
            : (1 + fraction * 0x1p-10) * Float(sign: .plus, exponent: exponent - 15, significand: 1)
        return bits >> 15 == 0 ? magnitude : -magnitude
    }
}

/// How far logits are from the reference's.
struct Divergence {
    /// Mean over the positions of Σ p·log(p/q), in nats.
    var mean = 0.0
    /// Positions where the reference's two likeliest tokens differ by more than 0.1.
    var clear = 0
    /// Those of them where the likeliest token is another.
    var wrong = 0

    init(reference: [[Float]], ours: [[Float]]) {
        for (p, q) in zip(reference, ours) {
            let (a, b) = (Self.logProbabilities(p), Self.logProbabilities(q))
            mean += zip(a, b).reduce(0) { $0 + exponential($1.0) * ($1.0 - $1.1) } / Double(reference.count)
            let order = p.indices.sorted { p[$0] > p[$1] }
            guard p[order[0]] - p[order[1]] > 0.1 else { continue }
            clear += 1
            if q.indices.max(by: { q[$0] < q[$1] }) != order[0] { wrong += 1 }
        }
    }

    private static func logProbabilities(_ logits: [Float]) -> [Double] {
        let highest = Double(logits.max() ?? 0)
        let total = logits.reduce(0) { $0 + exponential(Double($1) - highest) }
        return logits.map { Double($0) - highest - logarithm(total) }
    }
}
