import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1

/// Puts the host of a request's target, where it names one (`GET http://host/path`), in the place of its `Host`, as RFC 9112
/// (3.2.2) wants it: what comes after this sees the target's path alone, and would judge by a `Host` that does not count.
///
/// A foreign `Host` stays: such a request is to be refused whatever its target says.
final class TargetAuthority: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(var head) = unwrapInboundIn(data), let authority = Self.authority(ofTarget: head.uri) else {
            return context.fireChannelRead(data)
        }
        let hosts = head.headers["host"]
        if hosts.count <= 1, hosts.allSatisfy({ LoopbackName.matches(authority: $0) }) {
            head.headers.replaceOrAdd(name: "host", value: authority)
        }
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }

    /// The authority of a target in absolute form; nil of any other.
    static func authority(ofTarget target: String) -> String? {
        guard !target.hasPrefix("/"), let scheme = target.firstRange(of: "://") else { return nil }
        return String(target[scheme.upperBound...].prefix { !"/?#".contains($0) })
    }

    /// Puts a `TargetAuthority` before the handler that forgets the target's host, which is there before handlers of ours.
    final class Installer: ChannelInboundHandler, RemovableChannelHandler {
        typealias InboundIn = NIOAny

        func handlerAdded(context: ChannelHandlerContext) {
            do {
                let pipeline = context.pipeline.syncOperations
                let codec = try pipeline.handler(type: HTTP1ToHTTPServerCodec.self)
                try pipeline.addHandler(TargetAuthority(), position: .before(codec))
            } catch {
                // Without it the guard could be led astray.
                context.close(promise: nil)
            }
        }
    }
}
