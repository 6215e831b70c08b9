import Hummingbird
import Inference
import OllamaWire
import Residency

extension RouteRequest {
    /// Loads the model, or finds it loaded, and sets its policy: a turn that says nothing.
    func load(
        _ wanted: WantedModel<CatalogModel>, keepAlive: KeepAlive?, shape: AnswerShape
    ) async throws -> Response {
        let loaded = try await load(wanted, keepAlive: keepAlive)
        var response = Response.json(
            OllamaEncoder.status("load", shape: shape, model: loaded.admission.model.name, waited: loaded.waited))
        response.name(loaded.admission)
        return response
    }

    /// Waits for a lease and gives it back; given up when the client leaves.
    func load(
        _ wanted: WantedModel<CatalogModel>, keepAlive: KeepAlive?
    ) async throws -> (admission: Admission<CatalogModel>, waited: Duration) {
        let requested = ContinuousClock.now
        let watch = await ClientWatch.of(context.channel)
        let admission = try await withInterruptions([watch.gone]) { [service] in
            try await service.residency.withLease(wanted) { lease in
                lease.adopt(keepAlive)
                return lease.admission
            }
        }
        return (admission, requested.duration(to: .now))
    }

    /// Lets the model go. The answer is the same whether or not it was resident, as in Ollama.
    func unload(_ wanted: WantedModel<CatalogModel>, named name: String, shape: AnswerShape) -> Response {
        .json(OllamaEncoder.status("unload", shape: shape, model: unload(wanted, named: name)))
    }

    /// Lets the model go once its turns have ended; nothing happens if it is not resident.
    /// - Returns: the name of the model that is meant: a catalog entry's, or of whatever is resident, or `name`.
    func unload(_ wanted: WantedModel<CatalogModel>, named name: String) -> String {
        let resident = service.residency.status.resident?.model.name
        service.residency.unload(wanted)
        if case .model(let model) = wanted { return model.name }
        return resident ?? name
    }
}
