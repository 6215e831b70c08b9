public import Hummingbird
import Logging
import NIOCore

/// What the server knows of one request besides the request itself.
public struct ConiferRequestContext: InitializableFromSource, Sendable {
    /// The connection it came on.
    let channel: any Channel
    /// For lines about it.
    let logger: Logger

    /// Takes what Hummingbird hands over.
    public init(source: ApplicationRequestContextSource) {
        channel = source.channel
        logger = source.logger
    }
}
