/// Methods of strings.
enum TextMethods {
    typealias Method = @Sendable (Interpreter, Text, Arguments) throws(JinjaError) -> Value

    static let table: [String: Method] = caseMethods.merging(predicates) { $1 }.merging(splitting) { $1 }
        .merging(searching) { $1 }.merging(building) { $1 }

    private static let caseMethods: [String: Method] = [
        "upper": { _, text, _ throws(JinjaError) in .text(text.uppercased()) },
        "lower": { _, text, _ throws(JinjaError) in .text(text.lowercased()) },
        "title": { _, text, _ throws(JinjaError) in .text(text.titlecased()) },
        "capitalize": { _, text, _ throws(JinjaError) in .text(text.capitalized()) },
        "swapcase": { _, text, _ throws(JinjaError) in .text(text.caseSwapped()) },
        "casefold": { _, text, _ throws(JinjaError) in
            .text(text.mapScalars { scalar, _ in scalar == "ß" ? "ss" : scalar.properties.lowercaseMapping })
        },
        "strip": { _, text, arguments throws(JinjaError) in
            .text(try strip("strip", text, arguments, left: true, right: true))
        },
        "lstrip": { _, text, arguments throws(JinjaError) in
            .text(try strip("lstrip", text, arguments, left: true, right: false))
        },
        "rstrip": { _, text, arguments throws(JinjaError) in
            .text(try strip("rstrip", text, arguments, left: false, right: true))
        },
    ]

    static func strip(
        _ function: String, _ text: Text, _ arguments: Arguments, left: Bool, right: Bool
    ) throws(JinjaError) -> Text {
        let set = try arguments.bound(to: function, ["chars"])[0] ?? .none
        if case .none = set { return text.stripped(left: left, right: right) }
        return text.stripped(of: try set.requireText(function), left: left, right: right)
    }

    // MARK: Predicates

    private static let predicates: [String: Method] = [
        "isdigit": { _, text, _ throws(JinjaError) in .boolean(all(text) { $0.isPythonDigit }) },
        "isdecimal": { _, text, _ throws(JinjaError) in .boolean(all(text) { $0.isPythonDecimal }) },
        "isnumeric": { _, text, _ throws(JinjaError) in .boolean(all(text) { $0.isPythonNumeric }) },
        "isalpha": { _, text, _ throws(JinjaError) in .boolean(all(text) { $0.isPythonAlphabetic }) },
        "isalnum": { _, text, _ throws(JinjaError) in
            .boolean(all(text) { $0.isPythonAlphabetic || $0.isPythonNumeric })
        },
        "isspace": { _, text, _ throws(JinjaError) in .boolean(all(text) { $0.isPythonSpace }) },
        "isascii": { _, text, _ throws(JinjaError) in .boolean(text.bytes.allSatisfy { $0 < 0x80 }) },
        "isprintable": { _, text, _ throws(JinjaError) in .boolean(text.isEmpty || all(text) { $0.isPythonPrintable })
        },
        "isidentifier": { _, text, _ throws(JinjaError) in .boolean(isIdentifier(text)) },
        "islower": { _, text, _ throws(JinjaError) in .boolean(text.isLowercase) },
        "isupper": { _, text, _ throws(JinjaError) in .boolean(text.isUppercase) },
        "istitle": { _, text, _ throws(JinjaError) in .boolean(isTitle(text)) },
    ]

    /// Whether there are scalars and all of them match.
    private static func all(_ text: Text, _ matches: (Unicode.Scalar) -> Bool) -> Bool {
        var result = !text.isEmpty
        text.forEachScalar { scalar, _ in
            result = matches(scalar)
            return result
        }
        return result
    }

    private static func isIdentifier(_ text: Text) -> Bool {
        guard let first = text.firstScalar, first == "_" || first.properties.isXIDStart else { return false }
        return all(text) { $0.properties.isXIDContinue }
    }

    private static func isTitle(_ text: Text) -> Bool {
        var hasCased = false
        var followsCased = false
        var isTitle = true
        text.forEachScalar { scalar, _ in
            let properties = scalar.properties
            let isUpper = properties.isUppercase || properties.generalCategory == .titlecaseLetter
            if isUpper || properties.isLowercase {
                isTitle = isUpper != followsCased
                hasCased = true
                followsCased = true
            } else {
                followsCased = false
            }
            return isTitle
        }
        return isTitle && hasCased
    }
}

extension Text {
    /// `str.islower`: some scalar has case, and none is upper case.
    var isLowercase: Bool { hasCase { $0.isLowercase } }

    /// `str.isupper`.
    var isUppercase: Bool { hasCase { $0.isUppercase } }

    private func hasCase(_ matches: (Unicode.Scalar.Properties) -> Bool) -> Bool {
        var found = false
        var fits = true
        forEachScalar { scalar, _ in
            let properties = scalar.properties
            if matches(properties) {
                found = true
            } else if properties.isLowercase || properties.isUppercase
                || properties.generalCategory == .titlecaseLetter
            {
                fits = false
            }
            return fits
        }
        return found && fits
    }
}
