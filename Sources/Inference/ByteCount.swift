/// A number of bytes as people read it: `397 MiB`, `1.2 GiB`.
public struct ByteCount: Sendable, Hashable, CustomStringConvertible {
    /// The number of bytes.
    public let bytes: UInt64

    /// Wraps a number of bytes.
    public init(_ bytes: UInt64) {
        self.bytes = bytes
    }

    /// Binary units, three significant figures at most: `512 B`, `5.8 MiB`, `397 MiB`, `1.21 GiB`.
    public var description: String {
        var value = Double(bytes)
        var unit = 0
        let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
        while value >= 999.5, unit < units.count - 1 {
            value /= 1024
            unit += 1
        }
        let digits = unit == 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2
        let scale = [1.0, 10.0, 100.0][digits]
        let rounded = (value * scale).rounded() / scale
        let text = digits == 0 ? String(Int(rounded)) : String(rounded)
        let trimmed = text.hasSuffix(".0") ? String(text.dropLast(2)) : text
        return "\(trimmed) \(units[unit])"
    }
}
