import HTTPTypes
import Hummingbird
import Inference
import NIOCore
import Residency

extension RouteRequest {
    /// `GET /metrics`, for Prometheus. It tells the names of models and how much they are used, so it is guarded as every
    /// other route is: a scraper sends the key as any client does.
    func metrics() -> Response {
        let status = service.residency.status
        var bytes: UInt64 = 0
        if let resident = status.resident, resident.state != .loading {
            bytes = service.loader.information(of: resident.model)?.memory.total ?? 0
        }
        let text = service.metrics.text(status, residentBytes: bytes)
        return Response(
            status: .ok, headers: [.contentType: Exposition.contentType],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
