/// What filters take as `attribute`: a path of names and indices with dots.
struct AttributePath {
    private let steps: [Value]
    private let fallback: Value?
    private let foldsCase: Bool
    private unowned let interpreter: Interpreter

    /// - Parameters:
    ///   - path: nil or none for the element itself.
    ///   - fallback: what stands for what is undefined on the way.
    ///   - foldsCase: whether text is compared without regard to case.
    init(
        _ path: Value?, fallback: Value? = nil, foldsCase: Bool = false, _ interpreter: Interpreter
    ) throws(JinjaError) {
        switch path {
        case nil, .some(.none): steps = []
        case .text(let text)?:
            steps = try TextMethods.split(text, Text("."), .max).map { part in
                let isIndex = !part.isEmpty && part.bytes.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
                return isIndex ? Int(part.string).map { .integer($0) } ?? .text(part) : .text(part)
            }
        case let other?: steps = [other]
        }
        self.fallback = fallback.flatMap { Filters.isNone($0) ? nil : $0 }
        self.foldsCase = foldsCase
        self.interpreter = interpreter
    }

    func value(in element: Value) throws(JinjaError) -> Value {
        var value = element
        for step in steps {
            value = try interpreter.item(step, of: value)
            if let fallback, value.isUndefined { value = fallback }
        }
        if foldsCase, case .text(let text) = value { return .text(text.lowercased()) }
        return value
    }
}
