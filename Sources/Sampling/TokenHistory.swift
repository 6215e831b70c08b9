/// Which tokens came before, counted as the penalties need it: only ids that were seen are ever touched.
struct TokenHistory: Sendable {
    /// How often each token stands in the repetition window.
    private(set) var inWindow: [Int32: Int] = [:]
    /// How often each token was generated.
    private(set) var generated: [Int32: Int] = [:]

    private let window: Int
    private let countsGenerated: Bool
    /// The window's tokens; `next` is the oldest once it is full.
    private var ring: [Int32] = []
    private var next = 0

    init(_ parameters: SamplingParameters) {
        window = parameters.repetitionPenalty == 1 ? 0 : parameters.repetitionWindow
        countsGenerated = parameters.presencePenalty != 0 || parameters.frequencyPenalty != 0
    }

    mutating func append(_ token: Int32, isGenerated: Bool) {
        if isGenerated, countsGenerated { generated[token, default: 0] += 1 }
        guard window > 0 else { return }
        inWindow[token, default: 0] += 1
        guard ring.count == window else {
            ring.append(token)
            return
        }
        let oldest = ring[next]
        ring[next] = token
        next = (next + 1) % window
        let left = (inWindow[oldest] ?? 1) - 1
        inWindow[oldest] = left == 0 ? nil : left
    }
}
