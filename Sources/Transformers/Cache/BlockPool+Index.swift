/// What a full block holds: its own tokens after those of its parent.
struct PrefixKey: Hashable {
    var parent: UInt64
    var tokens: [Int32]
}

/// The prefix index: a radix tree whose edges are block-sized runs of tokens. A node is known by its block's serial.
extension BlockPool {
    enum Indexed: Equatable {
        /// The block is in the index now.
        case added
        /// Another block holds the same tokens after the same parent already.
        case present(ID)
    }

    /// Puts a block's tokens into the index; from then on the block must not change. Fewer than `blockTokens` make a leaf
    /// that later sequences can copy or take over.
    mutating func addToIndex(_ id: ID, parent: UInt64, tokens: [Int32]) -> Indexed {
        precondition(self[id].serial == 0 && !tokens.isEmpty && tokens.count <= blockTokens)
        if tokens.count == blockTokens {
            if let present = fullBlocks[PrefixKey(parent: parent, tokens: tokens)] { return .present(present) }
            fullBlocks[PrefixKey(parent: parent, tokens: tokens)] = id
        } else if let (present, count) = longestMatch(after: parent, tokens[...]), count == tokens.count {
            return .present(present)
        }
        lastSerial += 1
        self[id].serial = lastSerial
        self[id].parent = parent
        self[id].tokens = tokens
        children[parent, default: []].append(id)
        return .added
    }

    /// Takes a block out of the index; it may change again.
    mutating func removeFromIndex(_ id: ID) {
        let block = self[id]
        guard block.serial != 0 else { return }
        precondition(children[block.serial] == nil, "a block that others follow is needed to find them")
        if block.tokens.count == blockTokens {
            fullBlocks[PrefixKey(parent: block.parent, tokens: block.tokens)] = nil
        }
        var siblings = children[block.parent] ?? []
        siblings.removeAll { $0 == id }
        children[block.parent] = siblings.isEmpty ? nil : siblings
        self[id].serial = 0
        self[id].parent = 0
        self[id].tokens = []
    }

    /// The full block that holds exactly these tokens after that parent.
    func fullMatch(after parent: UInt64, _ tokens: ArraySlice<Int32>) -> ID? {
        fullBlocks[PrefixKey(parent: parent, tokens: Array(tokens))]
    }

    /// The block after that parent that begins with most of these tokens, and with how many of them.
    func longestMatch(after parent: UInt64, _ tokens: ArraySlice<Int32>) -> (id: ID, count: Int)? {
        var best: (id: ID, count: Int)?
        for id in children[parent] ?? [] {
            let count = zip(self[id].tokens, tokens).prefix { $0 == $1 }.count
            if count > best?.count ?? 0 { best = (id, count) }
        }
        return best
    }
}
