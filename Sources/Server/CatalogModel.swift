import Catalog

/// A catalog entry as the slot tells models apart: by name and by file. Registering another file under the same name makes
/// another model of it; a new alias does not.
struct CatalogModel: Hashable, Sendable, CustomStringConvertible {
    let reference: ModelReference

    var name: String { reference.name }
    var description: String { reference.name }

    static func == (left: CatalogModel, right: CatalogModel) -> Bool {
        left.name == right.name && left.reference.digest == right.reference.digest
            && left.reference.source == right.reference.source
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(reference.digest)
    }
}
