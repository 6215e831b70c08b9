internal import ArgumentParser

/// A number of bytes as a flag gives it: `512MiB`, `4GiB`, `8G`, `1000000`. Both `G` and `GiB` are 2³⁰, `GB` is 10⁹.
struct MemorySize: ExpressibleByArgument, Equatable {
    /// The number of bytes.
    var bytes: UInt64

    init(bytes: UInt64) {
        self.bytes = bytes
    }

    init?(argument: String) {
        let digits = argument.prefix { $0.isNumber || $0 == "." }
        let unit = argument.dropFirst(digits.count).drop { $0 == " " }.lowercased()
        let prefixes = ["": 0, "k": 1, "m": 2, "g": 3, "t": 4]
        let factor: Double
        if unit == "b" {
            factor = 1
        } else if unit.hasSuffix("b"), !unit.hasSuffix("ib"), let power = prefixes[String(unit.dropLast())] {
            factor = (0..<power).reduce(1) { value, _ in value * 1000 }
        } else if let power = prefixes[unit.hasSuffix("ib") ? String(unit.dropLast(2)) : unit] {
            factor = (0..<power).reduce(1) { value, _ in value * 1024 }
        } else {
            return nil
        }
        guard let number = Double(digits), let bytes = UInt64(exactly: (number * factor).rounded()), bytes > 0 else {
            return nil
        }
        self.bytes = bytes
    }
}
