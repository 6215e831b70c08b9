import Hummingbird
import Inference
import OllamaWire
import OrderedJSON
import Residency

extension RouteRequest {
    /// `POST /api/embed`.
    func ollamaEmbed() async throws -> Response {
        try await embed(EmbedRequest(body())) { $0.json }
    }

    /// `POST /api/embeddings`, its older form.
    func ollamaEmbeddings() async throws -> Response {
        try await embed(EmbedRequest(older: body())) { $0.older }
    }

    /// Embeds; without input it loads the model, or with `keep_alive` 0 unloads it.
    private func embed(_ request: EmbedRequest, _ document: (EmbedAnswer) -> JSON) async throws -> Response {
        let requested = ContinuousClock.now
        let keepAlive = try service.keepAlive(request.keepAlive)
        let wanted = service.wanted(request.model)
        guard !request.input.isEmpty else {
            if keepAlive == .zero {
                return .json(document(EmbedAnswer(model: unload(wanted, named: request.model))))
            }
            let loaded = try await load(wanted, keepAlive: keepAlive)
            var response = Response.json(
                document(
                    EmbedAnswer(
                        model: loaded.admission.model.name, totalNanoseconds: loaded.waited.nanoseconds,
                        loadNanoseconds: loaded.waited.nanoseconds)))
            response.name(loaded.admission)
            return response
        }
        let answer = try await embed(
            EmbeddingOrder(
                wanted: wanted, keepAlive: keepAlive, inputs: request.input.map { .text($0) },
                dimensions: request.dimensions, truncates: request.truncate))
        var response = Response.json(
            document(
                EmbedAnswer(
                    model: answer.admission.model.name, embeddings: answer.vectors,
                    totalNanoseconds: requested.duration(to: .now).nanoseconds,
                    loadNanoseconds: answer.waited.nanoseconds, promptTokens: answer.promptTokens)))
        response.name(answer.admission)
        return response
    }
}
