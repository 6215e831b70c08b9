extension PieceTable {
    /// The pieces that are spelled in one of some ways, in their order: a pass over lengths and last bytes, which rule out
    /// nearly every piece.
    public func spelled(_ spellings: Set<String>) -> [(index: Int, spelling: String)] {
        let longest = spellings.map(\.utf8.count).max() ?? 0
        var isLast = [Bool](repeating: false, count: 256)
        for last in spellings.compactMap(\.utf8.last) { isLast[Int(last)] = true }
        var found: [(index: Int, spelling: String)] = []
        for index in 0..<count {
            let piece = self[index]
            guard piece.count <= longest, let last = piece.last, isLast[Int(last)] else { continue }
            let text = String(decoding: piece, as: UTF8.self)
            if spellings.contains(text) { found.append((index, text)) }
        }
        return found
    }
}
