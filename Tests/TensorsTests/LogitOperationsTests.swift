import Tensors
import Testing

@Suite("Passes over logits have the same bits at every level")
struct LogitOperationsTests {
    /// Logits with ties, and numbers that are none; the largest is 3 times as far out as any other.
    private func logits(_ count: Int, width: Float, _ numbers: inout TestNumbers) -> [Float] {
        var logits = numbers.floats(count, in: -1...1).map { Float(Int($0 * 50)) / 50 * width }
        for index in logits.indices where numbers.next() % 40 == 0 { logits[index] = .nan }
        for index in logits.indices where numbers.next() % 40 == 0 { logits[index] = -.infinity }
        logits[Int(numbers.next() % UInt64(count))] = 3 * width
        return logits
    }

    private struct Results: Equatable {
        var maxima: [Float]
        var weights: [Float]
        var sums: [Double]
        var sumsAlone: [Double]
        var shares: [UInt64]
        var found: [Int32]
    }

    private func results(_ values: [Float], _ level: KernelLevel, lastToken: Int, least: Float) -> Results {
        let operations = LogitOperations(level: level)
        var values = values
        let last = values[lastToken]
        return values.withUnsafeMutableBufferPointer { values in
            let maxima = operations.maxima(of: values)
            let logits = LogitOperations.Logits(
                values, maxima: maxima, largest: maxima.max() ?? 0, least: least)
            let found = last.isNaN ? [] : operations.find(last...(.infinity), in: logits, expected: 2)
            let shares = operations.sharesOfBins(logits)
            func weigh(inPlace: Bool) -> [Double] {
                operations.weigh(logits, scale: 1.25, lastLogit: last, lastToken: lastToken, inPlace: inPlace)
            }
            let alone = weigh(inPlace: false)
            let sums = weigh(inPlace: true)
            return Results(
                maxima: maxima, weights: values.map { $0.isNaN ? -1 : $0 }, sums: sums, sumsAlone: alone,
                shares: shares, found: found)
        }
    }

    @Test("as the scalar ones", arguments: TestLevels.supported, [Float(0), 0.5, 6, 100])
    func sameBits(level: KernelLevel, width: Float) {
        var numbers = TestNumbers(5)
        for count in [1, 15, 16, 17, 63, 64, 65, 200, 1024, 5003] {
            let values = logits(count, width: width, &numbers)
            for round in 0..<4 {
                let lastToken = Int(numbers.next() % UInt64(count))
                let least = round == 0 ? 2 * width : -.infinity
                let expected = results(values, .scalar, lastToken: lastToken, least: least)
                let actual = results(values, level, lastToken: lastToken, least: least)
                #expect(actual == expected, "\(count) logits, the last kept one \(lastToken)")
                #expect(actual.sums == actual.sumsAlone)
            }
        }
    }

    @Test("bins are where their beginnings are", arguments: TestLevels.supported)
    func bins(level: KernelLevel) {
        let operations = LogitOperations(level: level)
        for bin in stride(from: 1, to: LogitOperations.bins - 1, by: 7) {
            let beginning = LogitOperations.beginning(ofBin: bin)
            #expect(LogitOperations.isWithin(bin: bin, beginning))
            #expect(!LogitOperations.isWithin(bin: bin - 1, beginning))
            var values: [Float] = [0, beginning]
            let shares = values.withUnsafeMutableBufferPointer {
                operations.sharesOfBins(
                    LogitOperations.Logits($0, maxima: operations.maxima(of: $0), largest: 0, least: -.infinity))
            }
            #expect(shares.enumerated().filter { $0.element > 0 }.map(\.offset) == [0, bin])
            #expect(shares[bin] == 1 << 23, "the whole weight of the bin's beginning")
        }
    }
}
