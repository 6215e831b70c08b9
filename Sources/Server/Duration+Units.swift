extension Duration {
    /// Whole nanoseconds, as Ollama counts.
    var nanoseconds: Int64 {
        components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
    }

    /// Seconds, for logs and status.
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
