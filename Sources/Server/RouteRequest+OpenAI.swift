import Catalog
import Foundation
import Hummingbird
import Inference
import OpenAIWire
import OrderedJSON
import Residency

extension RouteRequest {
    /// `GET /v1/models`.
    func openAIModels() -> Response {
        let resident = service.residency.status.resident
        return .json(ModelObject.list(service.catalog.models.map { object($0, resident) }))
    }

    /// `GET /v1/models/{id}`, where the id may hold slashes, as they are or escaped.
    func openAIModel() throws -> Response {
        var encoded = path.dropFirst("/v1/models/".count)
        if encoded.hasSuffix("/") { encoded.removeLast() }
        let id = encoded.removingPercentEncoding ?? String(encoded)
        guard let reference = service.catalog.resolve(id).model else {
            throw ServiceError(
                .notFound, "model '\(id.shortened(to: 100))' is not in the catalog; GET /v1/models lists what is",
                type: "not_found_error", code: "model_not_found", param: "model")
        }
        return .json(object(reference, service.residency.status.resident).json)
    }

    private func object(
        _ reference: ModelReference, _ resident: ResidencyStatus<CatalogModel>.Resident?
    ) -> ModelObject {
        var object = ModelObject(
            id: reference.name, created: reference.added?.secondsSince1970 ?? 0,
            contextLength: reference.contextLength.map(service.configuration.cutContextLength(ofFile:)))
        let model = CatalogModel(reference: reference)
        guard let resident, resident.model == model else { return object }
        object.status = resident.state == .loading ? .loading : .loaded
        // What fits the memory budget may be shorter than what the model was trained for.
        if let loaded = service.loader.information(of: model) { object.contextLength = loaded.contextLength }
        return object
    }
}
