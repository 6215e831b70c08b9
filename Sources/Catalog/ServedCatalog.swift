/// The fixed list of models that one server serves, and which of them a name means.
///
/// Names are looked up and never opened: `../x.gguf` and `/etc/passwd` are unknown names like any other.
public struct ServedCatalog: Sendable {
    /// What a name means.
    public enum Resolution: Sendable, Hashable {
        /// The model of that name or alias.
        case model(ModelReference)
        /// No model; an empty or missing name, too.
        case unknown

        /// The model, if there is one.
        public var model: ModelReference? {
            guard case .model(let model) = self else { return nil }
            return model
        }
    }

    /// The models in the order of `conifer list`.
    public let models: [ModelReference]

    private let exact: [String: Int]
    private let folded: [String: Int]

    /// A catalog of these models. Where two claim one name the first has it, and a model's own name goes before aliases.
    public init(_ models: [ModelReference]) {
        self.models = models
        var exact: [String: Int] = [:]
        var folded: [String: Int] = [:]
        for names in [{ (model: ModelReference) in [model.name] }, { $0.aliases }] {
            for (index, model) in models.enumerated() {
                for name in names(model) {
                    if exact[name] == nil { exact[name] = index }
                    let key = ModelName.folded(name)
                    if folded[key] == nil { folded[key] = index }
                }
            }
        }
        self.exact = exact
        self.folded = folded
    }

    /// What a registry holds.
    public init(_ contents: RegistryContents) {
        self.init(contents.entries.map { ModelReference($0) })
    }

    /// Whether it serves nothing.
    public var isEmpty: Bool {
        models.isEmpty
    }

    /// The model whose id this is, exactly.
    public func model(id: String) -> ModelReference? {
        guard let index = exact[id], models[index].name == id else { return nil }
        return models[index]
    }

    /// Which model a name means: exactly, then without regard to case, then with `:latest` added or removed.
    public func resolve(_ name: String?) -> Resolution {
        // Names are ASCII. Swift would find some other characters equal to ASCII ones, such as the Kelvin sign to K.
        guard let name, !name.isEmpty, name.utf8.allSatisfy({ $0 < 128 }) else { return .unknown }
        let other =
            ModelName.folded(name).hasSuffix(ModelName.latest)
            ? String(name.dropLast(ModelName.latest.count)) : name + ModelName.latest
        let index =
            exact[name] ?? folded[ModelName.folded(name)] ?? exact[other] ?? folded[ModelName.folded(other)]
        return index.map { .model(models[$0]) } ?? .unknown
    }

    /// The model that answers when a name is unknown and none is resident: the one that `--default-model` names, else the
    /// one that this process last had resident, else the first; nil only where the catalog is empty.
    public func defaultModel(preferred: String?, lastResident: String?) -> ModelReference? {
        resolve(preferred).model ?? resolve(lastResident).model ?? models.first
    }
}
