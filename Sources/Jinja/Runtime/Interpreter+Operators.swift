import OrderedCollections

/// Operators on values of any type.
extension Interpreter {
    func compare(_ left: Value, _ operation: ComparisonOperator, _ right: Value) throws(JinjaError) -> Bool {
        switch operation {
        case .equal: return try areEqual(left, right)
        case .notEqual: return !(try areEqual(left, right))
        case .contained: return try contains(right, left)
        case .notContained: return !(try contains(right, left))
        case .less: return try left.order(right, "<") == .less
        case .greater: return try left.order(right, ">") == .greater
        case .lessOrEqual:
            let order = try left.order(right, "<=")
            return order == .less || order == .equal
        case .greaterOrEqual:
            let order = try left.order(right, ">=")
            return order == .greater || order == .equal
        }
    }

    private func areEqual(_ left: Value, _ right: Value) throws(JinjaError) -> Bool {
        if case .text(let left) = left { try charge(bytes: left.count) }
        if let count = count(left), count > 8 { try charge(count) }
        return left.equals(right)
    }

    /// `element in container`.
    func contains(_ container: Value, _ element: Value) throws(JinjaError) -> Bool {
        switch container {
        case .text(let text):
            guard case .text(let pattern) = element else {
                if case .undefined(let undefined) = element { throw undefined.error }
                throw JinjaError(
                    .value, "'in <string>' requires string as left operand, not \(element.typeName)")
            }
            try charge(bytes: text.count)
            return text.contains(pattern)
        case .dictionary(let dictionary): return dictionary.entries[try Key(element)] != nil
        case .view(let view) where view.kind == .keys: return view.dictionary.entries[try Key(element)] != nil
        case .range(let range):
            guard let integer = element.integer else { return false }
            let (offset, overflow) = integer.subtractingReportingOverflow(range.start)
            guard !overflow, offset % range.step == 0 else { return false }
            let index = offset / range.step
            return index >= 0 && index < range.count
        case .object(let object) where !(object is LoopObject):
            throw JinjaError(.value, "argument of type '\(object.typeName)' is not iterable")
        case .none, .boolean, .integer, .float:
            throw JinjaError(.value, "argument of type '\(container.typeName)' is not iterable")
        default:
            let iterator = try makeIterator(container)
            while let candidate = try iterator.next() {
                try charge()
                if candidate.equals(element) { return true }
            }
            return false
        }
    }

    func calculate(
        _ left: Value, _ operation: ArithmeticOperator, _ right: Value
    ) throws(JinjaError) -> Value {
        if let leftNumber = left.number, let rightNumber = right.number {
            return try Arithmetic.calculate(leftNumber, operation, rightNumber)
        }
        switch (left, operation, right) {
        case (.text(let text), .modulo, _): return .text(try PercentFormat.apply(text, right, self))
        case (.undefined(let undefined), _, _), (_, _, .undefined(let undefined)): throw undefined.error
        case (.text(let left), .add, .text(let right)): return .text(try add(left, right))
        case (.list(let left), .add, .list(let right)): return .list(try makeList(left.elements + right.elements))
        case (.tuple(let left), .add, .tuple(let right)): return .tuple(try makeList(left.elements + right.elements))
        case (.text(let text), .multiply, _):
            if let count = right.integer { return .text(try repeated(text, count)) }
        case (_, .multiply, .text(let text)):
            if let count = left.integer { return .text(try repeated(text, count)) }
        case (.list(let list), .multiply, _):
            if let count = right.integer { return .list(try repeated(list, count)) }
        case (_, .multiply, .list(let list)):
            if let count = left.integer { return .list(try repeated(list, count)) }
        case (.tuple(let list), .multiply, _):
            if let count = right.integer { return .tuple(try repeated(list, count)) }
        case (_, .multiply, .tuple(let list)):
            if let count = left.integer { return .tuple(try repeated(list, count)) }
        default: break
        }
        throw mismatch(left, operation, right)
    }

    private func mismatch(_ left: Value, _ operation: ArithmeticOperator, _ right: Value) -> JinjaError {
        let (first, second) = (left.typeName, right.typeName)
        switch (left, operation) {
        case (.text, .add), (.list, .add), (.tuple, .add):
            return JinjaError(.value, "can only concatenate \(first) (not \"\(second)\") to \(first)")
        case (.text, .multiply), (.list, .multiply), (.tuple, .multiply):
            return JinjaError(.value, "can't multiply sequence by non-int of type '\(second)'")
        default:
            return JinjaError(
                .value, "unsupported operand type(s) for \(operation.rawValue): '\(first)' and '\(second)'")
        }
    }

    /// Joins texts; where one of them is markup, the other is escaped.
    func add(_ left: Text, _ right: Text) throws(JinjaError) -> Text {
        guard left.isMarkup != right.isMarkup else { return try join(left, right) }
        let left = left.isMarkup ? left : left.escapedForHTML()
        return try join(left, right.isMarkup ? right : right.escapedForHTML()).withMarkup(true)
    }

    /// One text after the other. What is copied is counted; a text that grows is not copied.
    func join(_ left: Text, _ right: Text) throws(JinjaError) -> Text {
        try check(bytes: left.count + right.count)
        if left.isEmpty { return left.appending(right) }
        try charge(bytes: left.growsInPlace(with: right) ? right.count : left.count + right.count)
        return left.appending(right)
    }

    private func repeated(_ text: Text, _ count: Int) throws(JinjaError) -> Text {
        guard count > 0, !text.isEmpty else { return Text("").withMarkup(text.isMarkup) }
        let (bytes, overflow) = text.count.multipliedReportingOverflow(by: count)
        try check(bytes: overflow ? .max : bytes)
        try charge(bytes: bytes)
        // By doubling: each append copies half of the result so far.
        let builder = TextBuilder()
        builder.storage.reserve(bytes)
        builder.append(text)
        while builder.count < bytes {
            builder.append(builder.text().slice(0..<min(builder.count, bytes - builder.count)))
        }
        return builder.text(isMarkup: text.isMarkup)
    }

    private func repeated(_ list: ListValue, _ count: Int) throws(JinjaError) -> ListValue {
        guard count > 0, !list.elements.isEmpty else { return ListValue(unchecked: []) }
        let (total, overflow) = list.elements.count.multipliedReportingOverflow(by: count)
        try charge(overflow ? limits.steps : min(total, limits.steps))
        return try makeList((0..<count).flatMap { _ in list.elements })
    }
}

extension Text {
    /// `&`, `<`, `>` and quotes as HTML entities; the result is markup.
    func escapedForHTML() -> Text {
        let builder = TextBuilder()
        storage.forEachRun(in: lower..<upper) { range, trusted in
            for byte in storage.bytes[range] {
                switch byte {
                case UInt8(ascii: "&"): builder.append("&amp;", trusted: trusted)
                case UInt8(ascii: "<"): builder.append("&lt;", trusted: trusted)
                case UInt8(ascii: ">"): builder.append("&gt;", trusted: trusted)
                case UInt8(ascii: "'"): builder.append("&#39;", trusted: trusted)
                case UInt8(ascii: "\""): builder.append("&#34;", trusted: trusted)
                default: builder.storage.append(byte, trusted: trusted)
                }
            }
        }
        return builder.text(isMarkup: true)
    }
}
