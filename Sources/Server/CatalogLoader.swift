import Inference
import Residency
import Synchronization

/// Lets the slot load models of the catalog, and remembers what the last ones it looked at are.
final class CatalogLoader<Engine: ModelEngine>: ModelLoader {
    typealias Model = CatalogModel
    typealias Loaded = Engine.Model

    private let engine: Engine
    /// The resident model and the one that is to take its place: never more than two.
    private let known = Mutex<[CatalogModel: ModelInformation]>([:])

    init(engine: Engine) { self.engine = engine }

    /// What is known of a model that was checked lately.
    func information(of model: CatalogModel) -> ModelInformation? { known.withLock { $0[model] } }

    func check(_ model: CatalogModel, replacing: CatalogModel?) async throws {
        // The resident model's weights are mapped file: the system counts them as available already, whether or not they
        // are in memory. Its KV cache and scratch are not, as far as they were touched.
        let reclaimable = replacing.flatMap { information(of: $0)?.memory }.map { $0.cache + $0.scratch } ?? 0
        let checked = try await engine.check(model.reference, reclaimable: reclaimable)
        known.withLock { known in
            known = known.filter { $0.key == replacing }
            known[model] = checked
        }
    }

    func load(_ model: CatalogModel, progress: @escaping @Sendable (Double) -> Void) async throws -> Engine.Model {
        let loaded = try await engine.load(model.reference, progress: progress)
        known.withLock { $0[model] = loaded.information }
        return loaded
    }

    func unload(_ loaded: Engine.Model, of model: CatalogModel) async {
        await loaded.unload()
    }
}
