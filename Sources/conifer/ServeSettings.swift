internal import ArgumentParser
internal import Inference
internal import Logging
internal import Residency
internal import Server

/// What `conifer serve` was asked to do, flags and environment read and checked.
struct ServeSettings {
    let server: ServerConfiguration
    let engine: LoadOptions
    let logLevel: Logger.Level
    let logFormat: LogFormat

    /// Reads the flags, and the environment where a flag was not given.
    /// - Throws: `ValidationError` that names the flag or variable and what it takes.
    init(_ options: ServeOptions, _ environment: EnvironmentFallback = EnvironmentFallback()) throws {
        let defaults = ServerConfiguration()
        let port = try Self.within(0...65_535, environment.value(options.port, "port"), "port")
        let parallel = try Self.within(1...64, environment.value(options.parallel, "parallel"), "parallel")
        let context = try Self.within(1...(1 << 24), environment.value(options.context, "context"), "context")
        let threads = try Self.within(1...512, environment.value(options.threads, "threads"), "threads")
        let maxQueue = try Self.within(0...1_000_000, environment.value(options.maxQueue, "max-queue"), "max-queue")
        server = ServerConfiguration(
            host: try environment.value(options.host, "host") ?? defaults.host,
            port: port ?? defaults.port,
            keepAlive: try environment.value(options.keepAlive, "keep-alive") ?? defaults.keepAlive,
            defaultModel: try environment.value(options.defaultModel, "default-model"),
            contextLength: context,
            maxQueue: maxQueue ?? defaults.maxQueue,
            parallel: parallel ?? defaults.parallel,
            linger: try environment.value(options.linger, "linger")?.duration ?? defaults.linger,
            shutdownGrace: try environment.value(options.shutdownGrace, "shutdown-grace")?.duration
                ?? defaults.shutdownGrace,
            apiKey: try environment.value(options.apiKey, "api-key"),
            allowedOrigins: try environment.values(options.allowOrigin, "allow-origin"),
            version: Composition.version)
        engine = LoadOptions(
            contextLength: context, threads: threads, parallelTurns: server.parallel,
            memoryBudget: try environment.value(options.memoryBudget, "memory-budget")?.bytes)
        logLevel = try environment.value(options.logLevel, "log-level") ?? .info
        logFormat = try environment.value(options.logFormat, "log-format") ?? .text
    }

    private static func within(_ range: ClosedRange<Int>, _ value: Int?, _ name: String) throws -> Int? {
        guard let value, !range.contains(value) else { return value }
        throw ValidationError("--\(name) is \(value); it takes \(range.lowerBound) to \(range.upperBound)")
    }
}
