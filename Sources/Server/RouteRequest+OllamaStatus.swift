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

    /// `GET /api/version`: the version of Ollama whose wire is spoken here (clients want at least 0.6.4 before they talk at
    /// all; 0.12.11 is the first with log-probabilities), and conifer's own beside it.
    func ollamaVersion() -> Response {
        .json(["version": "0.12.11", "conifer": .string(service.configuration.version)])
    }

    /// `GET /api/tags`: the whole catalog, each name with its tag.
    func ollamaTags() async -> Response {
        var tags: [JSON] = []
        for reference in service.catalog.models {
            // A file that has gone since it was registered is listed all the same; naming it says what is wrong.
            let facts = try? await service.facts.facts(of: reference)
            tags.append(Self.entry(reference, capabilities: facts?.capabilities ?? ["completion"]).tag)
        }
        return .json(ModelEntry.list(tags))
    }

    /// `GET /api/ps`.
    func ollamaRunning() -> Response {
        let status = service.residency.status
        guard let resident = status.resident else { return .json(ModelEntry.list([])) }
        let information = service.loader.information(of: resident.model)
        let reference = resident.model.reference
        let running = RunningModel(
            entry: Self.entry(reference),
            // Of a pinned model 292 years from now, as Ollama gives; clients take more than 20 for "for ever".
            expiresAt: WallTime.now.advanced(by: resident.expiresIn ?? .seconds(9_214_646_400)).text,
            residentBytes: information?.memory.total ?? reference.byteCount,
            contextLength: information?.contextLength
                ?? reference.contextLength.map(service.configuration.cutContextLength(ofFile:)) ?? 0,
            state: resident.state.rawValue,
            // Not even a pin keeps a model that is being let go.
            isPinned: resident.expiresIn == nil, activeTurns: resident.activeTurns,
            queuedTurns: status.queuedTurns, idleRemainingSeconds: resident.idleRemaining?.seconds,
            loadProgress: resident.loadProgress, keepAlive: resident.keepAlive.description,
            keepAliveSource: resident.keepAliveSource.rawValue)
        return .json(ModelEntry.list([running.json]))
    }

    /// `POST /api/show`: of a model that is in the catalog; nothing is loaded.
    func ollamaShow() async throws -> Response {
        let name = try await ShowRequest(body()).model
        guard let reference = service.catalog.resolve(name).model else { throw ServiceError.noSuchModel(name) }
        let facts = try await service.facts.facts(of: reference)
        // Continue takes a template with these letters for that of a model that fills gaps.
        let mark = facts.capabilities.contains("insert") ? "{#- .Suffix: the model fills gaps -#}" : ""
        let description = ModelDescription(
            entry: Self.entry(reference, capabilities: facts.capabilities), template: mark + facts.template,
            license: facts.license,
            contextLength: service.loader.information(of: CatalogModel(reference: reference))?.contextLength,
            information: facts.information(contextLength: service.configuration.contextLength))
        return .json(description.json)
    }

    /// What all listings say of a model, its name with a tag as Ollama's clients expect it.
    private static func entry(_ reference: ModelReference, capabilities: [String] = []) -> ModelEntry {
        let added = WallTime(seconds: reference.added?.secondsSince1970 ?? 0, microseconds: 0)
        return ModelEntry(
            name: reference.name.contains(":") ? reference.name : reference.name + ":latest",
            size: reference.byteCount, digest: reference.digest, family: reference.architecture,
            parameterSize: ModelEntry.parameterSize(reference.parameterCount), quantization: reference.quantization,
            modifiedAt: added.text, capabilities: capabilities)
    }
}
