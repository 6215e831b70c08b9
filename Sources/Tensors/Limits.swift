/// What this module refuses, each with its reason.
public enum Limits {
    /// More threads than any machine's cores that one model could use; a larger number is a mistake in a setting.
    public static let threads = 1024
    /// Chunk numbers are handed out from the low half of a 64-bit word.
    public static let chunks = Int(Int32.max)
}
