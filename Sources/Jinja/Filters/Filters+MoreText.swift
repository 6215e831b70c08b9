/// Filters for HTML and URLs, and those that shorten.
extension Filters {
    static let moreTexts: [String: Filter] = [
        "safe": { _, value, _ throws(JinjaError) in .text(value.printed().withMarkup(true)) },
        "escape": escape, "e": escape,
        "forceescape": { interpreter, value, _ throws(JinjaError) in
            .text(try interpreter.checked(try scanned(value, interpreter).escapedForHTML()))
        },
        "truncate": { interpreter, value, arguments throws(JinjaError) in
            let values = try arguments.bound(to: "truncate", ["length", "killwords", "end", "leeway"])
            let text = try value.requireText("truncate")
            let length = try values[0]?.requireInteger() ?? 255
            let end = try values[2]?.requireText("truncate") ?? Text("...")
            var leeway = 5
            if let given = values[3], !isNone(given) { leeway = try given.requireInteger() }
            guard length >= end.scalarCount else {
                throw JinjaError(.value, "expected length >= \(end.scalarCount), got \(length)")
            }
            guard leeway >= 0 else { throw JinjaError(.value, "expected leeway >= 0, got \(leeway)") }
            if text.scalarCount - leeway <= length { return .text(text) }
            var cut = text.slice(scalars: 0..<length - end.scalarCount)
            if values[1]?.isTrue != true, let space = cut.lastOffset(of: Text(" ")) { cut = cut.slice(0..<space) }
            return .text(try interpreter.checked(try interpreter.add(cut, end)))
        },
        "urlencode": { interpreter, value, _ throws(JinjaError) in
            if case .text(let text) = value {
                return .text(try interpreter.checked(quoted(try scanned(value, interpreter), keepsSlash: true)))
            }
            guard Tests.isIterable(value) else { return .text(quoted(value.printed(), keepsSlash: true)) }
            var pairs = value
            if case .dictionary(let dictionary) = value { pairs = .view(DictionaryView(.items, of: dictionary)) }
            let builder = TextBuilder()
            for pair in try interpreter.elements(of: pairs) {
                let parts = try interpreter.elements(of: pair)
                guard parts.count == 2 else { throw JinjaError(.value, "urlencode needs pairs") }
                if builder.count > 0 { builder.append("&", trusted: true) }
                builder.append(quoted(parts[0].printed(), keepsSlash: false))
                builder.append("=", trusted: true)
                builder.append(quoted(parts[1].printed(), keepsSlash: false))
            }
            return .text(try interpreter.checked(builder.text()))
        },
    ]

    @Sendable private static func escape(
        _ interpreter: Interpreter, _ value: Value, _ arguments: Arguments
    ) throws(JinjaError) -> Value {
        if case .text(let text) = value, text.isMarkup { return value }
        return .text(try interpreter.checked(try scanned(value, interpreter).escapedForHTML()))
    }

    /// Percent-encoding; a query has a plus for a space and encodes slashes.
    private static func quoted(_ text: Text, keepsSlash: Bool) -> Text {
        let builder = TextBuilder()
        text.storage.forEachRun(in: text.lower..<text.upper) { range, trusted in
            for byte in text.storage.bytes[range] {
                switch byte {
                case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x5f, 0x2e, 0x2d, 0x7e:
                    builder.storage.append(byte, trusted: trusted)
                case 0x2f where keepsSlash: builder.storage.append(byte, trusted: trusted)
                case 0x20 where !keepsSlash: builder.append("+", trusted: trusted)
                default:
                    let digits = String(byte, radix: 16, uppercase: true)
                    builder.append((digits.count < 2 ? "%0" : "%") + digits, trusted: trusted)
                }
            }
        }
        return builder.text()
    }
}
