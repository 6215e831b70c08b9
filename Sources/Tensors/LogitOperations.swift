internal import CKernels

/// Passes over the logits of a whole vocabulary, of which choosing a token is made. All levels of kernels give the same
/// bits, so equal logits and seeds give equal tokens on every machine.
public struct LogitOperations: Sendable {
    // The table is a constant of the program.
    nonisolated(unsafe) private let kernels: UnsafePointer<ck_sampling_kernels>

    /// Logits that have one maximum, and are passed over as one. Large enough that the blocks' maxima are few, small
    /// enough that a block which holds one candidate costs little to search.
    public static let block = Int(CK_LOGIT_BLOCK)
    /// Bins of a logit's distance from the largest one: those of the distance's leading bits, 128 to every doubling, so
    /// that flat and peaked logits are both told apart without a look at their spread.
    public static let bins = Int(CK_DISTANCE_BINS)

    /// Operations at the level that is used here (`KernelLevel.chosen`).
    public static let chosen = LogitOperations(level: (try? KernelLevel.chosen()) ?? .best)

    /// Operations at a level that this machine runs.
    public init(level: KernelLevel = .best) {
        guard let kernels = ck_sampling_kernels_for(level.code) else {
            preconditionFailure("This build has no \(level) sampling kernels.")
        }
        self.kernels = kernels
    }

    /// Logits and what is known of them.
    public struct Logits {
        /// `[vocabulary]`; NaN counts as −∞.
        public let values: UnsafeMutableBufferPointer<Float>
        /// The largest of each block: `maxima`.
        public let maxima: [Float]
        /// The largest of all, a finite one.
        public let largest: Float
        /// Blocks whose largest is less are passed over.
        public let least: Float

        /// Logits, their blocks' maxima, and the bound below which blocks are passed over.
        public init(
            _ values: UnsafeMutableBufferPointer<Float>, maxima: [Float], largest: Float, least: Float
        ) {
            precondition(
                maxima.count == LogitOperations.blocks(values.count) && values.count < Int32.max,
                "\(maxima.count) maxima of \(values.count) logits.")
            self.values = values
            self.maxima = maxima
            self.largest = largest
            self.least = least
        }
    }

    /// Blocks that hold so many logits.
    public static func blocks(_ count: Int) -> Int { (count + block - 1) / block }

    /// The largest logit of each block.
    public func maxima(of logits: UnsafeMutableBufferPointer<Float>) -> [Float] {
        let count = Self.blocks(logits.count)
        return [Float](unsafeUninitializedCapacity: count) { maxima, filled in
            kernels.pointee.block_maxima(logits.baseAddress, logits.count, maxima.baseAddress)
            filled = count
        }
    }

    /// The sums of each block's weights, e^((logit − largest) · scale); 0 of blocks that are passed over.
    ///
    /// - Parameters:
    ///   - lastLogit: only logits above it have a weight, and equal ones up to `lastToken`.
    ///   - inPlace: whether the weights take the logits' place, in blocks that are not passed over.
    public func weigh(
        _ logits: Logits, scale: Float, lastLogit: Float, lastToken: Int, inPlace: Bool
    ) -> [Double] {
        var how = ck_weighing(
            scale: scale, last_logit: lastLogit, last_token: UInt32(clamping: lastToken))
        return [Double](unsafeUninitializedCapacity: logits.maxima.count) { sums, filled in
            withRaw(logits) { raw in
                kernels.pointee.weigh(&raw, &how, inPlace ? logits.values.baseAddress : nil, sums.baseAddress)
            }
            filled = logits.maxima.count
        }
    }

    /// The sums of e^(logit − largest) in each bin, as parts of e^−(distance where the bin begins), times 2²³: sums of
    /// integers, in any order the same. What is further away than any bin, and NaN, is in the last one.
    public func sharesOfBins(_ logits: Logits) -> [UInt64] {
        var shares = [UInt64](repeating: 0, count: Self.bins)
        shares.withUnsafeMutableBufferPointer { shares in
            withRaw(logits) { kernels.pointee.add_to_bins(&$0, shares.baseAddress) }
        }
        return shares
    }

    /// Where a bin begins: a logit less the largest.
    public static func beginning(ofBin bin: Int) -> Float {
        least - Float(bitPattern: UInt32(bin) << shift + least.bitPattern)
    }

    /// Whether a logit, given less the largest, lies in this bin or a nearer one. NaN is nowhere.
    public static func isWithin(bin: Int, _ shifted: Float) -> Bool {
        (least - shifted).bitPattern >> shift <= UInt32(bin) + least.bitPattern >> shift
    }

    private static let shift = UInt32(CK_DISTANCE_SHIFT)
    /// Added to all distances: what is nearer is one bin.
    private static let least = Float(bitPattern: UInt32(CK_DISTANCE_LEAST))

    /// The tokens whose logits are in a range, rising. `expected`: how many these may be, so that one pass does.
    public func find(_ range: ClosedRange<Float>, in logits: Logits, expected: Int) -> [Int32] {
        var capacity = min(expected, logits.values.count)
        while true {
            var count = 0
            let tokens = [Int32](unsafeUninitializedCapacity: capacity) { tokens, filled in
                withRaw(logits) {
                    count = kernels.pointee.find(
                        &$0, range.lowerBound, range.upperBound, tokens.baseAddress, capacity)
                }
                filled = min(count, capacity)
            }
            guard count > capacity else { return tokens }
            capacity = count
        }
    }

    private func withRaw(_ logits: Logits, _ body: (inout ck_logits) -> Void) {
        logits.maxima.withUnsafeBufferPointer { maxima in
            var raw = ck_logits(
                values: logits.values.baseAddress, count: logits.values.count, maxima: maxima.baseAddress,
                largest: logits.largest, least: logits.least)
            body(&raw)
        }
    }
}
