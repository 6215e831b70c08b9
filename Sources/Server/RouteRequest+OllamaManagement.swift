import Catalog
import HTTPTypes
import Hummingbird
import Inference
import OllamaWire
import OrderedJSON

extension RouteRequest {
    /// `POST /api/pull`: scripts pull what they are about to use. What is in the catalog is there; nothing is ever fetched.
    func ollamaPull() async throws -> Response {
        let pull = try await PullRequest(body())
        guard service.catalog.resolve(pull.model).model != nil else {
            throw ServiceError(
                .badRequest,
                "model '\(pull.model.shortened(to: 100))' not found, and this server fetches nothing: get its GGUF file and "
                    + "register it with 'conifer add FILE --name NAME', then send the server a SIGHUP or start it again",
                code: "registry_is_local", param: "model")
        }
        let success: JSON = ["status": "success"]
        guard pull.stream else { return .json(success) }
        return Response(
            status: .ok, headers: [.contentType: StreamFraming.lines.contentType],
            body: ResponseBody(byteBuffer: StreamFraming.lines.frame(success)))
    }

    /// Ollama's routes that change its registry.
    func ollamaManagement() throws -> Response {
        throw ServiceError(
            .badRequest,
            "models are managed with the command line here: 'conifer add FILE', 'conifer rm NAME' and "
                + "'conifer alias NAME TARGET'; no request changes what is registered",
            code: "registry_is_local")
    }
}
