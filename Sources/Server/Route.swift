import HTTPTypes
import Hummingbird
import Inference
import NIOCore
import OrderedJSON

/// A path, a method, and what answers it.
struct Route<Engine: ModelEngine>: Sendable {
    let path: String
    let method: HTTPRequest.Method
    let handler: @Sendable (RouteRequest<Engine>) async throws -> Response

    /// The routes of a path, one for each method; a path that ends in `*` stands for every path that begins so.
    static func matching(_ path: String) -> [Route] {
        let clean = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        return all.filter { route in
            guard route.path.hasSuffix("*") else { return route.path == clean }
            let prefix = route.path.dropLast()
            return clean.count > prefix.count && clean.hasPrefix(prefix)
        }
    }

    private static var all: [Route] {
        [
            Route(path: "/", method: .get) { _ in .text("Ollama is running") },
            Route(path: "/health", method: .get) { $0.health() },
            Route(path: "/metrics", method: .get) { $0.metrics() },
            Route(path: "/v1/models", method: .get) { $0.openAIModels() },
            Route(path: "/v1/models/*", method: .get) { try $0.openAIModel() },
            Route(path: "/v1/chat/completions", method: .post) { try await $0.openAIChat() },
            Route(path: "/v1/completions", method: .post) { try await $0.openAICompletion() },
            Route(path: "/v1/embeddings", method: .post) { try await $0.openAIEmbeddings() },
            Route(path: "/api/version", method: .get) { $0.ollamaVersion() },
            Route(path: "/api/tags", method: .get) { await $0.ollamaTags() },
            Route(path: "/api/ps", method: .get) { $0.ollamaRunning() },
            Route(path: "/api/show", method: .post) { try await $0.ollamaShow() },
            Route(path: "/api/chat", method: .post) { try await $0.ollamaChat() },
            Route(path: "/api/generate", method: .post) { try await $0.ollamaGenerate() },
            Route(path: "/api/embed", method: .post) { try await $0.ollamaEmbed() },
            Route(path: "/api/embeddings", method: .post) { try await $0.ollamaEmbeddings() },
            Route(path: "/api/pull", method: .post) { try await $0.ollamaPull() },
        ] + managed
    }
}

extension Route {
    /// What Ollama's registry is managed by, which conifer's command line does: named, so as to say that.
    private static var managed: [Route] {
        let routes: [(path: String, methods: [HTTPRequest.Method])] = [
            ("/api/create", [.post]), ("/api/copy", [.post]), ("/api/push", [.post]), ("/api/delete", [.delete]),
            ("/api/blobs/*", [.get, .post]),
        ]
        return routes.flatMap { path, methods in
            methods.map { Route(path: path, method: $0) { try $0.ollamaManagement() } }
        }
    }
}

/// One request on its way to its answer.
struct RouteRequest<Engine: ModelEngine>: Sendable {
    let service: ConiferService<Engine>
    let request: Request
    let path: String
    let context: ConiferRequestContext

    /// The body's JSON document, whatever its `Content-Type` says: many clients send none.
    func body() async throws -> JSON {
        let limit = service.configuration.bodyLimit
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limit {
            throw ServiceError.bodyTooLarge(limit: limit)
        }
        let buffer: ByteBuffer
        do {
            buffer = try await request.body.collect(upTo: limit)
        } catch is NIOTooManyBytesError {
            throw ServiceError.bodyTooLarge(limit: limit)
        } catch {
            // The bytes stopped coming, or are no HTTP: the sender's affair, and most likely it has left.
            throw ServiceError(
                .badRequest, "the body cannot be read to its end: it stops early, or its chunks are malformed",
                code: "incomplete_body")
        }
        guard buffer.readableBytes > 0 else {
            throw ServiceError(.badRequest, "missing request body", code: "invalid_json")
        }
        return try JSON(
            parsing: buffer.readableBytesView, limits: JSONLimits(depth: Limits.bodyDepth, bytes: limit))
    }

    /// Runs turns for this request's client.
    func responder(
        _ framing: StreamFraming, encoder: @escaping @Sendable (StartedTurn<Engine.Model>) -> any TurnEncoder
    ) async -> TurnResponder<Engine> {
        TurnResponder(
            service: service, watch: await ClientWatch.of(context.channel), framing: framing, makeEncoder: encoder)
    }
}
