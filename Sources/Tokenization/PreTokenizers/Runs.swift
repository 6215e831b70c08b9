/// Cuts that single out one kind of scalar and leave what lies between as it is.
extension ClassifiedText {
    /// Single numbers or groups of at most `count` of them, from the left: `\p{N}{1,COUNT}`.
    func digitGroup(upTo count: Int) -> (Int, Int) -> Int {
        { position, end in
            if isIn(.number, at: position, to: end) { return numbers(upTo: count, from: position, to: end) }
            return run(outside: .number, from: position, to: end)
        }
    }

    /// Runs of scalars of a class.
    func classRun(_ wanted: ScalarClass) -> (Int, Int) -> Int {
        { position, end in
            let after = run(of: wanted, from: position, to: end)
            return after > position ? after : run(outside: wanted, from: position, to: end)
        }
    }

    /// Runs of punctuation and of some ASCII symbols.
    func punctuationRun(symbols: StaticString) -> (Int, Int) -> Int {
        var isSymbol = [Bool](repeating: false, count: 256)
        symbols.withUTF8Buffer { for byte in $0 { isSymbol[Int(byte)] = true } }
        return { position, end in
            func isWanted(_ position: Int) -> Bool {
                isIn(.punctuation, at: position, to: end) || isSymbol[Int(bytes[position])]
            }
            let first = isWanted(position)
            var position = position + 1
            while position < end, isWanted(position) == first { position += 1 }
            return position
        }
    }

    /// `[0-9][0-9][0-9]`: groups of three, from the left.
    func threeDigits(from position: Int, to end: Int) -> Int {
        if isThreeDigits(at: position, to: end) { return position + 3 }
        var position = position + 1
        while position < end, !isThreeDigits(at: position, to: end) { position += 1 }
        return position
    }

    private func isThreeDigits(at position: Int, to end: Int) -> Bool {
        position + 2 < end && isDigit(bytes[position]) && isDigit(bytes[position + 1]) && isDigit(bytes[position + 2])
    }

    private func isDigit(_ byte: UInt8) -> Bool {
        byte >= 0x30 && byte <= 0x39
    }

    /// Each match of an expression, and each gap between matches.
    ///
    /// `match(position, end)` says where the match ends that begins at a position, or nil; it must be quick to say nil.
    @inline(__always)
    func matches(_ match: @escaping (Int, Int) -> Int?) -> (Int, Int) -> Int {
        { position, end in
            if let matched = match(position, end) { return matched }
            var position = after(position)
            while position < end, match(position, end) == nil { position = after(position) }
            return position
        }
    }
}
