import HTTPTypes
import Hummingbird
import NIOCore
import OllamaWire
import OrderedJSON
import Residency

extension Response {
    /// An answer that is one JSON document.
    static func json(_ document: JSON, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: document.serializedBytes())))
    }

    /// An answer that is plain text.
    static func text(_ text: String) -> Response {
        Response(
            status: .ok, headers: [.contentType: "text/plain; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    /// Says which model did the work, and whether it was asked for.
    mutating func name(_ admission: Admission<CatalogModel>) {
        headers[.xConiferModel] = admission.model.name
        if admission.isFallback { headers[.xConiferFallback] = "unknown-model" }
    }

    /// An error, in the shape of the wire that the path belongs to.
    init(_ error: ServiceError, path: String) {
        let body = path == "/api" || path.hasPrefix("/api/") ? AnswerLine.error(error.message) : error.openAIBody
        self = .json(body, status: error.status)
        if let seconds = error.retryAfter { headers[.retryAfter] = "\(seconds)" }
        if let shouldRetry = error.shouldRetry { headers[.xShouldRetry] = "\(shouldRetry)" }
        if let allow = error.allow { headers[.allow] = allow }
        if error.status == .unauthorized { headers[.wwwAuthenticate] = "Bearer" }
    }
}
