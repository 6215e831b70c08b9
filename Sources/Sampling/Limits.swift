/// The bounds of this module, each with its reason.
public enum Limits {
    /// OpenAI's range. 0 means greedy; past 2 every model babbles.
    public static let temperature: ClosedRange<Float> = 0...2
    /// A probability relative to the likeliest token's.
    public static let minP: ClosedRange<Float> = 0...1
    /// 1 is off. Past 10 a penalty is a ban, and `logitBias` says that better; at 0 it would divide by zero.
    public static let repetitionPenalty: ClosedRange<Float> = 0.1...10
    /// Tokens that the repetition penalty looks back on; no context that runs here is longer.
    public static let repetitionWindow: ClosedRange<Int> = 0...(1 << 20)
    /// OpenAI's range of presence and frequency penalty.
    public static let penalty: ClosedRange<Float> = -2...2
    /// OpenAI's range of one bias; ±100 is as good as "never" and "always".
    public static let logitBias: ClosedRange<Float> = -100...100
    /// Biased tokens in one request; OpenAI takes no more, and each costs time at every step.
    public static let logitBiasCount = 1024
    /// A block of logits that are all this far (in nats, after temperature) below the maximum is passed over: 150,000 of
    /// them together weigh less than the rounding of a float32 sum.
    static let negligible: Float = -30
}
