public import Hummingbird
import HTTPTypes
import Logging
import NIOCore
import OrderedJSON

/// Finds the route of a request, after its sender has passed the guard; turns every error into an answer of its wire.
public struct ConiferResponder<Engine: ModelEngine>: HTTPResponder {
    /// What it needs to know of a request.
    public typealias Context = ConiferRequestContext

    let service: ConiferService<Engine>
    private let requestGuard: RequestGuard

    init(service: ConiferService<Engine>) {
        self.service = service
        requestGuard = RequestGuard(service.configuration)
    }

    /// Answers.
    public func respond(to request: Request, context: ConiferRequestContext) async throws -> Response {
        let path = request.uri.path
        // Answered errors are for a page of an allowed origin, too: without leave it cannot read them.
        let origin = requestGuard.allowedOrigin(of: request.head)
        var response: Response
        do {
            try requestGuard.check(request.head, path: path)
            response = try await answer(request, path: path, context: context)
        } catch {
            let failure = ServiceError(error)
            log(failure, cause: error, request, path, context.logger)
            response = Response(failure, path: path)
        }
        if request.method == .head {
            // A refusal too: its reader takes what follows the header for the next answer. Taking the body away sets the
            // length to zero; HEAD tells that of the body that GET has.
            let length = response.body.contentLength
            response.body = ResponseBody()
            response.headers[.contentLength] = length.map { "\($0)" }
        }
        let route = Route<Engine>.matching(path).first?.path ?? "other"
        let method = ["GET", "HEAD", "POST", "OPTIONS"].first { $0 == request.method.rawValue } ?? "other"
        service.metrics.answered(route: route, method: method, status: response.status.code)
        if let origin {
            response.headers[.accessControlAllowOrigin] = origin
            response.headers[.accessControlExposeHeaders] =
                "x-conifer-model, x-conifer-fallback, x-should-retry, retry-after"
            response.headers.append(HTTPField(name: .vary, value: "Origin"))
        }
        return response
    }

    private func log(_ failure: ServiceError, cause: any Error, _ request: Request, _ path: String, _ logger: Logger) {
        var metadata: Logger.Metadata = [
            "status": "\(failure.status.code)", "method": "\(request.method)",
            "path": "\(path.shortened(to: 100).debugDescription)",
            "reason": "\(failure.message.shortened(to: 300))",
        ]
        switch failure.status.code {
        case 403: logger.warning("refused", metadata: metadata)
        case 500..<600 where failure.code == nil:
            // The client is told nothing of it, so the log must say it all.
            metadata["error"] = "\(cause)"
            logger.error("failed", metadata: metadata)
        case 500..<600: logger.warning("failed", metadata: metadata)
        default: logger.debug("refused", metadata: metadata)
        }
    }

    private func answer(_ request: Request, path: String, context: ConiferRequestContext) async throws -> Response {
        let routes = Route<Engine>.matching(path)
        guard !routes.isEmpty else {
            throw ServiceError(
                .notFound, "there is no '\(path.shortened(to: 100))' here", type: "not_found_error", code: "not_found")
        }
        // HEAD is GET without the body.
        let method = request.method == .head ? .get : request.method
        if method == .options, request.headers[.origin] != nil { return preflight(request, routes) }
        guard let route = routes.first(where: { $0.method == method }) else {
            let methods = routes.map(\.method.rawValue) + (routes.contains { $0.method == .get } ? ["HEAD"] : [])
            throw ServiceError(
                .methodNotAllowed,
                "'\(path.shortened(to: 100))' takes \(methods.joined(separator: ", ")), not \(request.method)",
                code: "method_not_allowed", allow: methods.joined(separator: ", "))
        }
        return try await route.handler(
            RouteRequest(service: service, request: request, path: path, context: context))
    }

    /// Tells a browser what a page of an allowed origin may send.
    private func preflight(_ request: Request, _ routes: [Route<Engine>]) -> Response {
        let wanted = request.headers[.accessControlRequestHeaders].flatMap(FieldNames.init)
        return Response(
            status: .noContent,
            headers: [
                .accessControlAllowMethods: routes.map(\.method.rawValue).joined(separator: ", "),
                .accessControlAllowHeaders: wanted?.text ?? "authorization, content-type, x-api-key",
                .accessControlMaxAge: "600",
                .vary: "Access-Control-Request-Headers",
            ])
    }
}
