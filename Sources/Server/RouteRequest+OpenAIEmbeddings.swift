import Hummingbird
import Inference
import OpenAIWire
import Residency

extension RouteRequest {
    /// `POST /v1/embeddings`.
    func openAIEmbeddings() async throws -> Response {
        let request = try await EmbeddingRequest(body())
        let order = EmbeddingOrder(
            wanted: service.wanted(request.model), keepAlive: try service.keepAlive(request.keepAlive),
            inputs: request.inputs.map { PromptInput($0) }, dimensions: request.dimensions)
        let answer = try await embed(order)
        var response = Response.json(
            EmbeddingList(
                model: answer.admission.model.name, vectors: answer.vectors, encoding: request.encoding,
                promptTokens: answer.promptTokens
            ).json)
        response.name(answer.admission)
        return response
    }
}
