/// The targets of Package.swift, read as text: what each is, where it lies and what it declares.
struct Manifest {
    struct Target {
        let name: String
        let isTest: Bool
        /// Its folder, from the root.
        let folder: String
        /// Names of targets and products.
        let dependencies: [String]
    }

    let targets: [Target]

    /// Reads Package.swift's text.
    init(_ text: String) {
        var targets: [Target] = []
        for match in text.matches(of: /\.(target|executableTarget|testTarget|systemLibrary|macro|plugin)\(/) {
            let call = Self.balanced(text[match.range.upperBound...])
            guard let name = call.firstMatch(of: /^\s*name:\s*"([^"]+)"/).map({ String($0.1) }) else { continue }
            let path = call.firstMatch(of: /\bpath:\s*"([^"]+)"/).map { String($0.1) }
            let inTests = match.output.1 == "testTarget"
            targets.append(
                Target(
                    name: name, isTest: inTests || (path?.hasPrefix("Tests/") ?? false),
                    folder: path ?? (inTests ? "Tests/\(name)" : "Sources/\(name)"),
                    dependencies: Self.dependencies(call)))
        }
        self.targets = targets
    }

    /// The text up to the parenthesis that closes the one before it.
    private static func balanced(_ text: Substring) -> Substring {
        var depth = 1
        for index in text.indices {
            if text[index] == "(" { depth += 1 }
            if text[index] == ")" { depth -= 1 }
            if depth == 0 { return text[..<index] }
        }
        return text
    }

    private static func dependencies(_ call: Substring) -> [String] {
        guard let start = call.firstMatch(of: /\bdependencies:\s*\[/) else { return [] }
        let rest = call[start.range.upperBound...]
        guard let end = rest.firstIndex(of: "]") else { return [] }
        // A product's package is no module.
        let list = String(rest[..<end]).replacing(/package:\s*"[^"]+"/, with: "")
        return list.matches(of: /"([^"]+)"/).map { String($0.1) }
    }
}
