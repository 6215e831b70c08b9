import OrderedCollections

/// The variables of one scope while a template is resolved. The rules are Jinja's: a name that a scope only reads is the
/// outer scope's; a name that it writes anywhere is its own, and starts as the outer one's value if there is one.
final class Symbols {
    enum Action {
        case parameter
        case resolve(String)
        case alias(Location)
        case undefined
    }

    /// A variable: the depth of the function that holds it, and its slot there.
    struct Location: Hashable {
        let function: Int
        let slot: Int
    }

    /// What one activation holds: the template's own level, a macro, or a recursive loop.
    final class Function {
        let depth: Int
        private(set) var slots: [String: Int] = [:]

        init(depth: Int) { self.depth = depth }

        func slot(_ key: String) -> Int {
            if let slot = slots[key] { return slot }
            slots[key] = slots.count
            return slots.count - 1
        }
    }

    let parent: Symbols?
    let function: Function
    private let prefix: String
    private var locations: [String: Location] = [:]
    private(set) var loads: OrderedDictionary<Location, Action> = [:]
    private var stores: Set<String> = []
    private let level: Int
    /// What a branch adds to.
    private let base: Symbols?

    /// - Parameter tag: tells scopes of the same level apart that live at the same time.
    init(parent: Symbols?, function: Function, tag: String = "") {
        self.parent = parent
        self.function = function
        level = (parent?.level ?? -1) + 1
        base = nil
        prefix = "\(tag)\(level):"
    }

    /// A branch of a condition: starts as the scope it is in, and keeps what it adds to itself.
    private init(branchOf base: Symbols) {
        (parent, function, prefix, level) = (base.parent, base.function, base.prefix, base.level)
        self.base = base
    }

    func makeBranch() -> Symbols { Symbols(branchOf: self) }

    func find(_ name: String) -> Location? { own(name) ?? parent?.find(name) }

    private func own(_ name: String) -> Location? { locations[name] ?? base?.own(name) }

    private func hasStored(_ name: String) -> Bool { stores.contains(name) || base?.hasStored(name) == true }

    @discardableResult private func define(_ name: String, _ action: Action) -> Location {
        let location = Location(function: function.depth, slot: function.slot(prefix + name))
        locations[name] = location
        loads[location] = action
        return location
    }

    @discardableResult func declareParameter(_ name: String) -> Location {
        stores.insert(name)
        return define(name, .parameter)
    }

    func store(_ name: String) {
        stores.insert(name)
        guard own(name) == nil else { return }
        define(name, parent?.find(name).map { .alias($0) } ?? .undefined)
    }

    func load(_ name: String) {
        if find(name) == nil { define(name, .resolve(name)) }
    }

    /// Joins the branches of a condition. A variable that only some branch writes keeps the outer or the context's value
    /// in the others.
    func join(_ branches: [Symbols]) {
        let written = branches.reduce(into: Set<String>()) { $0.formUnion($1.stores) }.filter { !hasStored($0) }
        for branch in branches {
            locations.merge(branch.locations) { _, new in new }
            loads.merge(branch.loads) { _, new in new }
            stores.formUnion(branch.stores)
        }
        for name in written {
            guard let location = find(name) else { continue }
            loads[location] = parent?.find(name).map { .alias($0) } ?? .resolve(name)
        }
    }

    /// The loads for the interpreter, seen from this scope's own function.
    func makeLoads() -> [Load] {
        var result: [Load] = []
        for (location, action) in loads where location.function == function.depth {
            switch action {
            case .parameter: continue
            case .resolve(let name): result.append(Load(slot: location.slot, action: .resolve(name)))
            case .alias(let outer): result.append(Load(slot: location.slot, action: .alias(reference(to: outer))))
            case .undefined: result.append(Load(slot: location.slot, action: .undefined))
            }
        }
        return result
    }

    func reference(to location: Location) -> Reference {
        Reference(hops: function.depth - location.function, slot: location.slot)
    }
}
