/// What the manager of the slot needs to be able to do with models; all it knows of an engine.
///
/// The manager never runs two of these at once, save that a check may run beside turns on the resident model.
public protocol ModelLoader: Sendable {
    /// Names a model of the catalog.
    associatedtype Model: Hashable & Sendable
    /// A model that is ready to run turns.
    associatedtype Loaded: Sendable

    /// Whether the model could be loaded once `replacing` is gone: its file opens, its header parses, its architecture
    /// and tensor types are supported, it fits the memory budget. Throws what is wrong.
    func check(_ model: Model, replacing: Model?) async throws

    /// Loads the model. Its task is cancelled when nobody waits for it any more; it should then throw soon.
    ///
    /// - Parameter progress: may be called at any time with how far the load is, 0…1.
    func load(_ model: Model, progress: @escaping @Sendable (Double) -> Void) async throws -> Loaded

    /// Gives the model's memory back, whoever still refers to it: no lease does. The memory is back when this returns,
    /// because the next load may begin at once.
    func unload(_ loaded: Loaded, of model: Model) async
}
