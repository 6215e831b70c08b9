/// Bytes of UTF-8 that only grow, and which of them the template's author wrote.
///
/// Texts are ranges of a storage. Appending to the text at the end of a storage appends in place: ranges made earlier stay
/// valid, and a loop that grows a text copies each byte once (amortised) instead of once an iteration.
///
/// Trust alternates: `startsTrusted` up to the first boundary, the opposite up to the second, and so on. Text from one
/// source, which nearly all text is, has no boundary.
final class TextStorage {
    private(set) var bytes: [UInt8] = []
    private(set) var isASCII = true
    private(set) var startsTrusted = true
    private(set) var boundaries: [Int] = []
    /// Whether texts of this storage may be grown in place. Literals and values handed in are not.
    let isGrowable: Bool

    init(isGrowable: Bool = true) { self.isGrowable = isGrowable }

    convenience init(_ bytes: some Collection<UInt8>, trusted: Bool) {
        self.init(isGrowable: false)
        append(bytes, trusted: trusted)
    }

    /// Whether the last byte is trusted.
    private var endsTrusted: Bool { boundaries.count.isMultiple(of: 2) == startsTrusted }

    func reserve(_ count: Int) { bytes.reserveCapacity(count) }

    func append(_ more: some Collection<UInt8>, trusted: Bool) {
        if more.isEmpty { return }
        mark(trusted)
        bytes.append(contentsOf: more)
        if isASCII { isASCII = more.allSatisfy { $0 < 0x80 } }
    }

    func append(_ byte: UInt8, trusted: Bool) {
        mark(trusted)
        bytes.append(byte)
        if byte >= 0x80 { isASCII = false }
    }

    private func mark(_ trusted: Bool) {
        if bytes.isEmpty {
            startsTrusted = trusted
        } else if endsTrusted != trusted {
            boundaries.append(bytes.count)
        }
    }

    /// Calls the body with each run of equal trust in a range, in order.
    func forEachRun(in range: Range<Int>, _ body: (Range<Int>, _ trusted: Bool) -> Void) {
        guard !range.isEmpty else { return }
        var index = firstBoundary(after: range.lowerBound)
        var lower = range.lowerBound
        while lower < range.upperBound {
            let upper = index < boundaries.count ? min(boundaries[index], range.upperBound) : range.upperBound
            body(lower..<upper, index.isMultiple(of: 2) == startsTrusted)
            lower = upper
            index += 1
        }
    }

    /// Whether the byte at an offset is trusted.
    func isTrusted(at offset: Int) -> Bool { firstBoundary(after: offset).isMultiple(of: 2) == startsTrusted }

    /// Whether every byte of a range is trusted.
    func isTrusted(_ range: Range<Int>) -> Bool {
        if range.isEmpty { return true }
        let index = firstBoundary(after: range.lowerBound)
        guard index.isMultiple(of: 2) == startsTrusted else { return false }
        return index == boundaries.count || boundaries[index] >= range.upperBound
    }

    /// The index of the first boundary beyond an offset: a binary search.
    private func firstBoundary(after offset: Int) -> Int {
        var lower = 0
        var upper = boundaries.count
        while lower < upper {
            let middle = (lower + upper) / 2
            if boundaries[middle] > offset { upper = middle } else { lower = middle + 1 }
        }
        return lower
    }
}
