import NIOCore
import Synchronization

/// Knows when the client of a connection has left.
///
/// Hummingbird does not cancel a handler whose client leaves: only the next write fails, and a prefill, a load or a place in
/// the queue writes nothing. This handler sits in every connection's pipeline and sees the end of the client's stream,
/// or the connection's failure, when the system reports it, because the inbound side goes on being read while a request
/// is answered. A client that only closes its sending half counts as gone, too, as in Go's `net/http` and so in Ollama.
final class ClientWatch: Sendable {
    /// Comes once the client has left.
    let gone = Outcome<ServiceError>()

    fileprivate func leave() { gone.resolve(.success(.clientGone)) }
}

/// The channel handler that a `ClientWatch` watches with.
final class ClientWatchHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    let watch = ClientWatch()

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed { watch.leave() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        watch.leave()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        watch.leave()
        context.fireErrorCaught(error)
    }
}

extension ClientWatch {
    /// The watch of a connection; one that never reports anything for a channel without its handler.
    static func of(_ channel: any Channel) async -> ClientWatch {
        let watch = try? await channel.eventLoop.submit {
            try channel.pipeline.syncOperations.handler(type: ClientWatchHandler.self).watch
        }.get()
        return watch ?? ClientWatch()
    }
}
