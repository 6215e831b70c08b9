import OrderedCollections

/// Loops.
extension Interpreter {
    @inline(never) func executeLoop(_ node: LoopNode) throws(JinjaError) -> Flow {
        try ascend()
        defer { descend() }
        let sequence = try evaluate(node.sequence)
        position = node.position
        if node.isRecursive {
            try write(try runRecursively(node, sequence, outer: activation, depth: 0))
            return .normal
        }
        return try run(node, sequence, recursion: nil)
    }

    /// Runs a recursive loop over a sequence, in variables of its own, and returns what it wrote.
    func runRecursively(
        _ node: LoopNode, _ sequence: Value, outer: Activation, depth: Int
    ) throws(JinjaError) -> Text {
        try ascend()
        defer { descend() }
        let caller = activation
        activation = Activation(slots: program.scopes[node.identifier].slots, parent: outer)
        defer { activation = caller }
        return try capturing { () throws(JinjaError) in
            try run(node, sequence, recursion: LoopObject.Recursion(node: node, outer: outer, depth: depth))
        }.text
    }

    private func run(
        _ node: LoopNode, _ sequence: Value, recursion: LoopObject.Recursion?
    ) throws(JinjaError) -> Flow {
        let scope = program.scopes[node.identifier]
        let source = try makeSource(node, scope, sequence)
        var loop: LoopObject?
        if let slot = scope.loopSlot {
            loop = LoopObject(source.iterator, length: source.length, recursion)
            activation.slots[slot] = nil
        }
        defer { loop?.finish() }
        var hasRun = false
        while let element = loop == nil ? try source.iterator.next() : try loop?.advance() {
            try charge()
            if let loop, let slot = scope.loopSlot { activation.slots[slot] = .object(loop) }
            try assign(element, to: node.target)
            try enter(scope.loads)
            let flow = try execute(node.body)
            if flow == .breakLoop { break }
            if flow == .normal { hasRun = true }
            position = node.position
        }
        leave(scope.loads)
        guard !hasRun, !node.otherwise.isEmpty else { return .normal }
        try enter(scope.otherwiseLoads)
        // A break or continue in the `else` is the outer loop's.
        let flow = try execute(node.otherwise)
        leave(scope.otherwiseLoads)
        return flow
    }

    /// What a loop walks through, and how many elements that are if it can be known.
    private func makeSource(
        _ node: LoopNode, _ scope: Scope, _ sequence: Value
    ) throws(JinjaError) -> (iterator: IteratorValue, length: Int?) {
        let iterator = try makeIterator(sequence)
        guard let test = node.test, let target = node.testTarget else { return (iterator, count(sequence)) }
        let activation = activation
        try enter(scope.testLoads)
        let filtered = IteratorValue(depth: iterator.depth) { [unowned self] () throws(JinjaError) -> Value? in
            let current = self.activation
            self.activation = activation
            defer { self.activation = current }
            while let element = try iterator.next() {
                try self.charge()
                try self.assign(element, to: target)
                if try self.evaluate(test).isTrue { return element }
            }
            return nil
        }
        return (filtered, nil)
    }

    /// The number of elements; nil for what has no length.
    func count(_ value: Value) -> Int? {
        switch value {
        case .undefined: 0
        case .text(let text): text.scalarCount
        case .list(let list), .tuple(let list): list.elements.count
        case .dictionary(let dictionary): dictionary.entries.count
        case .view(let view): view.dictionary.entries.count
        case .range(let range): range.count
        default: nil
        }
    }

    /// An iterator over a value, as Python's `iter`.
    func makeIterator(_ value: Value) throws(JinjaError) -> IteratorValue {
        switch value {
        case .undefined: return IteratorValue(depth: 0) { nil }
        case .iterator(let iterator): return iterator
        case .range(let range):
            var index = 0
            return IteratorValue("range_iterator", depth: 0) {
                guard index < range.count else { return nil }
                defer { index += 1 }
                return range[index]
            }
        case .object(let object as LoopObject):
            return IteratorValue(depth: 0) { () throws(JinjaError) -> Value? in
                try object.advance().map { .pair($0, .object(object)) }
            }
        default:
            let elements = try elements(of: value)
            var index = 0
            return IteratorValue("\(value.typeName)_iterator", depth: value.depth + 1) {
                guard index < elements.count else { return nil }
                defer { index += 1 }
                return elements[index]
            }
        }
    }

    /// The elements of a value, as Python's `list`.
    func elements(of value: Value) throws(JinjaError) -> [Value] {
        switch value {
        case .undefined: return []
        case .list(let list), .tuple(let list): return list.elements
        case .dictionary(let dictionary):
            try charge(dictionary.entries.count)
            return dictionary.entries.keys.map(\.value)
        case .view(let view):
            try charge(view.dictionary.entries.count)
            return view.elements
        case .text(let text):
            try charge(text.count)
            return text.characters.map { .text($0) }
        case .range, .iterator, .object(is LoopObject):
            let iterator = try makeIterator(value)
            var elements: [Value] = []
            while let element = try iterator.next() {
                try charge()
                elements.append(element)
            }
            return elements
        default: throw JinjaError(.value, "'\(value.typeName)' object is not iterable")
        }
    }
}
