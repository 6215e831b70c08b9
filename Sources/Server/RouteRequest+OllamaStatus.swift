import Catalog
import Hummingbird
import Inference
import OllamaWire
import OrderedJSON
import Residency

extension RouteRequest {
    /// `GET /health`: answers in milliseconds, whatever a model is doing.
    func health() -> Response {
        let status = service.residency.status
        return .json([
            "status": .string(status.isShuttingDown ? "shutting down" : "ok"), "server": "conifer",
            "version": .string(service.configuration.version),
            "model": status.resident.map { .string($0.model.name) } ?? .null,
            "state": status.resident.map { .string($0.state.rawValue) } ?? "empty",
        ])
    }

    /// `GET /api/version`. Clients want at least 0.6.4 of Ollama before they talk at all; this is the version whose wire
    /// is spoken here, and conifer's own stands beside it.
    func ollamaVersion() -> Response {
        .json(["version": "0.12.0", "conifer": .string(service.configuration.version)])
    }

    /// `GET /api/tags`: the whole catalog, each name with its tag.
    func ollamaTags() -> Response {
        .json(
            ModelEntry.list(
                service.catalog.models.map { reference in
                    let tagged = reference.name.contains(":") ? reference.name : reference.name + ":latest"
                    return Self.entry(reference, name: tagged).tag
                }))
    }

    /// `GET /api/ps`.
    func ollamaRunning() -> Response {
        let status = service.residency.status
        guard let resident = status.resident else { return .json(ModelEntry.list([])) }
        let information = service.loader.information(of: resident.model)
        let reference = resident.model.reference
        let running = RunningModel(
            entry: Self.entry(reference, name: reference.name),
            // Of a pinned model 292 years from now, as Ollama gives; clients take more than 20 for "for ever".
            expiresAt: WallTime.now.advanced(by: resident.expiresIn ?? .seconds(9_214_646_400)).text,
            residentBytes: information?.memory.total ?? reference.byteCount,
            contextLength: information?.contextLength ?? reference.contextLength ?? 0, state: resident.state.rawValue,
            isPinned: resident.keepAlive == .forever, activeTurns: resident.activeTurns,
            queuedTurns: status.queuedTurns, idleRemainingSeconds: resident.idleRemaining?.seconds,
            loadProgress: resident.loadProgress, keepAlive: resident.keepAlive.description,
            keepAliveSource: resident.keepAliveSource.rawValue)
        return .json(ModelEntry.list([running.json]))
    }

    /// `POST /api/show`: of a model that is in the catalog; nothing is loaded.
    func ollamaShow() async throws -> Response {
        let name = try await ShowRequest(body()).model
        guard let reference = service.catalog.resolve(name).model else {
            throw ServiceError(.notFound, "model '\(name.prefix(100))' not found", code: "model_not_found")
        }
        return .json(try ModelDetails.describe(reference, entry: Self.entry(reference, name: reference.name)).json)
    }

    static func entry(_ reference: ModelReference, name: String) -> ModelEntry {
        ModelEntry(
            name: name, size: reference.byteCount, digest: reference.digest, family: reference.architecture,
            parameterSize: ModelEntry.parameterSize(reference.parameterCount), quantization: reference.quantization,
            modifiedAt: (reference.added ?? Timestamp(secondsSince1970: 0)).text, capabilities: ["completion"])
    }
}
