/// Tells whether a name or address can only mean this machine.
enum LoopbackName {
    /// Whether a bare host is one: `localhost`, `127.0.0.1` and its block, `::1`.
    static func matches(host: String) -> Bool {
        var name = host.lowercased()
        if name.hasPrefix("[") && name.hasSuffix("]") { name = String(name.dropFirst().dropLast()) }
        if name == "localhost" || name == "::1" || name == "0:0:0:0:0:0:0:1" { return true }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    /// Whether an authority, `host` or `host:port`, is one.
    static func matches(authority: String) -> Bool { matches(host: host(of: authority)) }

    /// The host of an authority, an IPv6 address still in its brackets.
    static func host(of authority: String) -> String {
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
            let rest = authority[authority.index(after: end)...]
            // Whatever follows the bracket must be a port, or the name is another.
            guard rest.isEmpty || rest.first == ":" && rest.dropFirst().allSatisfy(\.isNumber) else { return authority }
            return String(authority[...end])
        }
        let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count == 2 && parts[1].allSatisfy(\.isNumber) ? String(parts[0]) : authority
    }

    /// The authority of an origin such as `http://localhost:3000`; nil for `null` and for schemes of no web page.
    static func authority(ofOrigin origin: String) -> String? {
        for scheme in ["http://", "https://"] where origin.lowercased().hasPrefix(scheme) {
            return String(origin.dropFirst(scheme.count))
        }
        return nil
    }
}
