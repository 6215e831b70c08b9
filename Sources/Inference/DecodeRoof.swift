internal import GGUF
internal import Tensors
internal import Transformers

/// What bounds the speed of decoding on a machine: each step reads all weights, and of each turn all keys and values.
public struct DecodeRoof: Sendable {
    private let plan: LoadPlan
    private let pool: ThreadPool

    /// The roof of a model, read by as many threads as its engine has.
    public init(_ plan: LoadPlan) {
        self.plan = plan
        pool = ThreadPool(threads: plan.threads)
    }

    /// Bytes that a step reads which computes the next token of `turns` turns, each `depth` tokens long.
    public func bytesPerStep(depth: Double, turns: Int) -> Double {
        let figures = plan.model.memory
        return Double(figures.weightBytesPerStep) + Double(figures.cacheBytesPerToken) * depth * Double(turns)
    }

    /// Bytes a second at which the machine reads these weights now, and does nothing else with them: the median of
    /// several readings, since other programs share the memory.
    public func readBandwidth() -> Double {
        let file = plan.model.file
        let regions = file.tensors.map { file.bytes(of: $0) }
        let readings = (0..<5).map { _ in ReadBandwidth.measure(regions, pool: pool) }
        return readings.sorted()[2]
    }
}
