public import ArgumentParser
public import Logging
public import Residency

/// The flags of `conifer serve`. Each can also be set as `CONIFER_SOME_FLAG`.
struct ServeOptions: ParsableArguments {
    @Option(help: "Address to listen on. Anything but a loopback address opens the server to the network.")
    var host: String?

    @Option(help: "Port to listen on; 0 takes any free one. (default: 8080)")
    var port: Int?

    // Whatever follows the flag is its value: -1 is no flag.
    @Option(
        parsing: .unconditional,
        help: "How long an idle model stays: '5m', '300', '0' (unload at once), '-1' (pin). (default: 5m)")
    var keepAlive: KeepAlive?

    @Option(help: "The model that answers unknown names when nothing is resident. (default: the one resident last)")
    var defaultModel: String?

    @Option(help: "Most memory a model may take: '4GiB', '8G'. (default: what the machine or its cgroup leaves)")
    var memoryBudget: MemorySize?

    @Option(help: "Context length in tokens. (default: the model's, cut to what fits)")
    var context: Int?

    @Option(help: "Threads of the engine. (default: physical cores)")
    var threads: Int?

    @Option(help: "Turns that run at once on the resident model; more wait. (default: 8)")
    var parallel: Int?

    @Option(help: "Most waiting turns; further ones are refused with 503. (default: 512)")
    var maxQueue: Int?

    @Option(
        help: "How long turns for the resident model may go on joining while another model is waited for. (default: 0)")
    var linger: WaitingTime?

    @Option(help: "How long running turns may go on after SIGINT or SIGTERM. (default: 30s)")
    var shutdownGrace: WaitingTime?

    @Option(help: "Requests must carry 'Authorization: Bearer KEY'.")
    var apiKey: String?

    @Option(help: "A web page's origin that may use this server, e.g. 'http://localhost:3000'. May be repeated.")
    var allowOrigin: [String] = []

    @Option(help: "trace, debug, info, notice, warning, error or critical. (default: info)")
    var logLevel: Logger.Level?

    @Option(help: "text or json. (default: text)")
    var logFormat: LogFormat?
}

/// How log lines look.
enum LogFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
}

/// A finite duration as a flag gives it: what `keep_alive` takes, but no pin.
struct WaitingTime: ExpressibleByArgument {
    var duration: Duration

    init(_ duration: Duration) {
        self.duration = duration
    }

    init?(argument: String) {
        guard let window = (try? KeepAlive(parsing: argument))?.window else { return nil }
        duration = window
    }
}

extension KeepAlive: ExpressibleByArgument {
    /// Reads a flag's value.
    public init?(argument: String) {
        guard let value = try? KeepAlive(parsing: argument) else { return nil }
        self = value
    }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}
